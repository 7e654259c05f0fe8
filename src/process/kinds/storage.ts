import { z } from 'zod';
import { defineKind, Names } from './kind.js';

/** The settings of `store`. */
export const StoreSettings = z.strictObject({
  artifacts: Names.describe('Artifacts of the process, each with an `archive`.'),
  bytes: z
    .enum(['build', 'candidate'])
    .default('build')
    .describe('What this run has built, or a copy of what the candidate was (with `stamp: line`).'),
});

/** The archive. */
export const store = defineKind({
  name: 'store',
  about: 'Archives artifacts under their version. A final version is never overwritten.',
  settings: StoreSettings,
  names: { 'artifacts.*': 'artifact' },
  gives: ['url'],
  reach: () => 'public',
  writes: ({ artifacts }, world) => artifacts.flatMap((name) => world.archiveOf(name) ?? []),
  plan: 'Store tarball as releases/app-1.2.0.tar.gz',
  find: 'The object: done with the same digest; another one is replaced only of a candidate.',
  example: '- uses: store\n  artifacts: [tarball]',
});

/** The settings of `channel`. */
export const ChannelSettings = z.strictObject({
  move: Names.describe('Channels of the process, moved in this order.'),
  to: z.string().optional().describe('Back to what this channel serves.'),
});

/** Pointers that users follow. */
export const channel = defineKind({
  name: 'channel',
  about:
    'Points channels at what they should serve now. A lower version never takes the place of a higher one.',
  settings: ChannelSettings,
  names: { 'move.*': 'channel', to: 'channel' },
  reach: () => 'public',
  writes: ({ move }, world) => move.flatMap((name) => [name, ...world.filesOf(name)]),
  plan: 'Point internal at 1.2.0rc1',
  find: 'The version and the digest of the pointer.',
  example: '- uses: channel\n  move: [internal, stable]',
});
