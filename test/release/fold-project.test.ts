import { describe, expect, test } from 'vitest';
import { foldProject } from '../../src/release/fold-project.js';
import { isNotLegal } from '../../src/release/folded.js';
import {
  pinWords,
  ProjectEvent,
  type ChannelFile,
  type ProjectState,
} from '../../src/release/project-state.js';
import { alice, bob, digest } from './fixtures.js';

const file: ChannelFile = {
  artifact: 'tarball',
  from: { storage: 'releases', key: 'kestrel-0.43.2.tar.gz' },
  to: { storage: 'latest', key: 'kestrel.tar.gz' },
  sha256: digest('a'),
  there: digest('b'),
};

function pin(channel: string, version: string, before: string): ProjectEvent {
  return {
    type: 'channel.pinned',
    channel,
    version,
    reason: 'db migration',
    files: [file],
    before,
    by: alice,
  };
}

function unpin(channel: string, version = '', files: ChannelFile[] = []): ProjectEvent {
  return { type: 'channel.unpinned', channel, version, files, by: bob };
}

function projectOf(...events: ProjectEvent[]): ProjectState | undefined {
  let state: ProjectState | undefined;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldProject(state, ProjectEvent.parse(event), seq, seq * 1000);
    if (isNotLegal(next)) throw new Error(next.illegal);
    state = next;
  }
  return state;
}

describe('a project', () => {
  test('keeps who pinned a channel to what, why and when', () => {
    const state = projectOf(pin('stable', '0.43.2', '0.44.0'));
    expect(state).toMatchObject({
      seq: 1,
      at: 1000,
      pins: { stable: { version: '0.43.2', by: alice, before: '0.44.0', at: 1000, files: [file] } },
      moving: {},
    });
    expect(pinWords({ version: '0.43.2', by: alice, reason: 'db migration' })).toBe(
      'pinned to 0.43.2 by alice: "db migration"',
    );
  });

  test('remembers over several pins what was served before the first of them', () => {
    const state = projectOf(pin('stable', '0.43.2', '0.44.0'), pin('stable', '0.43.1', '0.43.2'));
    expect(state?.pins['stable']).toMatchObject({ version: '0.43.1', before: '0.44.0', at: 2000 });
  });

  test('owes a move when a pin is lifted, until it was made', () => {
    const pinned = [pin('stable', '0.43.2', ''), pin('internal', '0.43.2', '')];
    const lifted = projectOf(...pinned, unpin('stable', '0.44.0', [file]));
    expect(Object.keys(lifted?.pins ?? {})).toEqual(['internal']);
    expect(lifted?.moving).toEqual({ stable: { version: '0.44.0', files: [file] } });
    const settled = projectOf(...pinned, unpin('stable', '0.44.0', [file]), {
      type: 'channel.settled',
      channel: 'stable',
    });
    expect(settled?.moving).toEqual({});
    expect(projectOf(...pinned, unpin('stable'))?.moving).toEqual({});
  });

  test('a new pin takes the place of a move that is owed', () => {
    const state = projectOf(
      pin('stable', '0.43.2', ''),
      unpin('stable', '0.44.0', [file]),
      pin('stable', '0.43.1', '0.43.2'),
    );
    expect(state?.moving).toEqual({});
    expect(state?.pins['stable']?.version).toBe('0.43.1');
  });

  test('settles nothing that is not owed', () => {
    expect(foldProject(undefined, { type: 'channel.settled', channel: 'constructor' }, 1, 1)).toEqual({
      illegal: 'nothing-moves',
    });
  });
});
