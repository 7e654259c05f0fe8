import { z } from 'zod';
import { defineKind, StepName } from './kind.js';

const To = z.looseObject({ to: z.string() });

/** A pull request. */
export const pullRequest = defineKind({
  name: 'pull-request',
  about: 'Opens a pull request on the forge.',
  settings: z
    .strictObject({
      to: z.string().min(1).describe('The branch that it goes into, or `default-branch`.'),
      title: z.string().min(1).describe('Its title.'),
      from: z.string().min(1).optional().describe("Left out: the line's branch."),
      body: z.string().min(1).optional().describe('Its text.'),
      'body-file': z.string().min(1).optional().describe('A file of the project with its text.'),
      draft: z.boolean().default(false).describe('Open it as a draft.'),
    })
    .refine((settings) => settings.body === undefined || settings['body-file'] === undefined, {
      message: 'has "body" or "body-file", not both',
    }),
  places: { to: 'ref', title: 'text', from: 'ref', body: 'text', 'body-file': 'path' },
  gives: ['number', 'url'],
  reach: () => 'branch',
  plan: 'Open a pull request from release/v1.2.0 to main',
  find: 'By its head: done if it is open, or merged by us.',
  example: '- uses: pull-request\n  to: default-branch\n  title: Release {version}',
});

/** Merging one. */
export const merge = defineKind({
  name: 'merge',
  about: 'Merges a pull request when its checks are green.',
  settings: z.strictObject({
    'pull-request': StepName.describe('The id of the step that opened it.'),
    method: z.enum(['merge', 'squash', 'rebase']).describe('How.'),
  }),
  names: { 'pull-request': 'step:pull-request' },
  gives: ['commit'],
  reach: () => 'public',
  writes: (settings, world) => {
    const opened = To.safeParse(world.settingsOf(settings['pull-request']));
    return opened.success ? [`branch:${opened.data.to}`] : [];
  },
  plan: 'Squash-merge #12 when its checks are green',
  find: 'The pull request: done if it was merged at our commit; a person is asked if its head moved.',
  example: '- uses: merge\n  pull-request: pull-request\n  method: squash',
});
