import { describe, expect, test } from 'vitest';
import {
  adopt,
  adoptionHash,
  type KnownLine,
  type SeenBranch,
  type SeenTag,
} from '../../src/release/adoption.js';
import type { LineState } from '../../src/release/line-state.js';
import { schemeOf } from '../../src/release/versions/index.js';
import { admitted, alice, lineOf, lv } from './fixtures.js';

const scheme = schemeOf({ scheme: 'pep440', candidate: ['rc'], counter: 'restarts' });

function tag(text: string, commit = text): SeenTag {
  const version = scheme.parse(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return { name: `kestrel-v${text}`, version, commit };
}

function branch(line: string, commit = line): SeenBranch {
  return { name: `release/${line}`, line, commit };
}

function look(
  tags: SeenTag[],
  branches: SeenBranch[] = [],
  more: { known?: KnownLine[]; hasBranch?: boolean; open?: string[] } = {},
) {
  return adopt({ scheme, tags, branches, known: [], hasBranch: true, open: [], ...more });
}

function known(target: string, state: LineState | undefined, commit?: string): KnownLine {
  if (state === undefined) throw new Error('no state');
  return { target, state, commit };
}

const opened = lineOf(admitted('start', 'cut', { version: '0.44.0rc1', candidate: 1 }), lv.reached('cut'));
const released = lineOf({
  type: 'line.adopted',
  settled: 'promoted',
  version: '0.44.0',
  candidate: 2,
  commit: 'c'.repeat(40),
  by: alice,
});

describe('what was made by hand', () => {
  test('is a released line where there is a final tag, with the highest number of its candidates', () => {
    const { lines, ambiguous, changed } = look(
      [tag('0.44.0', 'f'), tag('0.43.2'), tag('0.44.0rc10'), tag('0.44.0rc9')],
      [branch('0.44.0')],
    );
    expect(lines).toEqual([
      {
        target: '0.43.2',
        settled: 'promoted',
        version: '0.43.2',
        candidate: 0,
        commit: '0.43.2',
        tag: 'kestrel-v0.43.2',
        branch: '',
      },
      {
        target: '0.44.0',
        settled: 'promoted',
        version: '0.44.0',
        candidate: 10,
        commit: 'f',
        tag: 'kestrel-v0.44.0',
        branch: 'release/0.44.0',
      },
    ]);
    expect([ambiguous, changed]).toEqual([[], []]);
  });

  test('is an open line where a branch has candidates, or nothing yet, above everything final', () => {
    const { lines } = look(
      [tag('0.43.2'), tag('0.44.0rc2', 'r2'), tag('0.44.0rc1')],
      [branch('0.44.0'), branch('0.45.0', 'b')],
    );
    expect(lines.slice(1)).toEqual([
      {
        target: '0.44.0',
        settled: 'open',
        version: '0.44.0rc2',
        candidate: 2,
        commit: 'r2',
        tag: 'kestrel-v0.44.0rc2',
        branch: 'release/0.44.0',
      },
      {
        target: '0.45.0',
        settled: 'open-without-candidate',
        version: '0.45.0',
        candidate: 0,
        commit: 'b',
        tag: '',
        branch: 'release/0.45.0',
      },
    ]);
  });

  test('has two readings below a final version; a person says which', () => {
    const tags = [tag('0.43.0'), tag('0.42.0rc1')];
    const branches = [branch('0.42.0'), branch('0.41.0')];
    const { lines, ambiguous } = look(tags, branches);
    expect(lines.map(({ target }) => target)).toEqual(['0.43.0']);
    expect(ambiguous).toEqual([
      {
        target: '0.41.0',
        mayOpen: true,
        why: 'a branch and no candidate, below 0.43.0, which is final: it was given up, or it is a backport',
      },
      {
        target: '0.42.0',
        mayOpen: true,
        why: 'candidates up to 0.42.0rc1, below 0.43.0, which is final: it was given up, or it is a backport',
      },
    ]);
    const meant = look(tags, branches, { open: ['0.42.0'] });
    expect(meant.lines.map(({ target, settled }) => [target, settled])).toEqual([
      ['0.42.0', 'open'],
      ['0.43.0', 'promoted'],
    ]);
    expect(adoptionHash('kestrel', meant.lines)).not.toBe(adoptionHash('kestrel', lines));
  });

  test('candidates without a branch are open only where the process makes none', () => {
    const tags = [tag('0.43.0'), tag('0.44.0rc1')];
    expect(look(tags).ambiguous[0]?.why).toContain('no branch');
    expect(look(tags, [], { hasBranch: false }).lines.at(-1)).toMatchObject({ settled: 'open', branch: '' });
  });

  test('two tags of one version at two commits are left alone, whatever is asked', () => {
    const tags = [tag('0.44', 'aaaaaaaa'), tag('0.44.0', 'bbbbbbbb')];
    const { lines, ambiguous } = look(tags, [], { open: ['0.44.0'] });
    expect(lines).toEqual([]);
    expect(ambiguous).toMatchObject([{ target: '0.44.0', mayOpen: false }]);
    expect(ambiguous[0]?.why).toMatch(/kestrel-v0\.44 at aaaaaaa and kestrel-v0\.44\.0 at bbbbbbb/);
    expect(look([tag('0.44', 'a'), tag('0.44.0', 'a')]).lines).toHaveLength(1);
  });

  test('a line that is known counts as final for those below it', () => {
    const { ambiguous } = look([tag('0.43.0rc1')], [branch('0.43.0')], {
      known: [known('0.44.0', released)],
    });
    expect(ambiguous.map(({ target }) => target)).toEqual(['0.43.0']);
  });
});

test('a line of another scheme, which the project had before, counts for nothing', () => {
  const { lines, changed } = look([tag('0.44.0rc1')], [branch('0.44.0')], { known: [known('v9', released)] });
  expect(lines.map(({ settled }) => settled)).toEqual(['open']);
  expect(changed).toEqual([]);
});

describe('what was changed by hand', () => {
  const changes = (
    line: KnownLine,
    tags: SeenTag[],
    branches: SeenBranch[] = [],
    hasBranch = true,
  ): string[] => look(tags, branches, { known: [line], hasBranch }).changed.map(({ what }) => what);

  test('of a released line: its tag', () => {
    const line = known('0.44.0', released, 'c'.repeat(40));
    expect(changes(line, [tag('0.44.0', 'c'.repeat(40))])).toEqual([]);
    expect(changes(line, [])).toEqual(['0.44.0 was released, and its tag is gone']);
    expect(changes(line, [tag('0.44.0', 'dddddddd')])).toEqual([
      'kestrel-v0.44.0 was moved by hand from ccccccc to ddddddd',
    ]);
    expect(changes(known('0.44.0', released), [tag('0.44.0', 'd')])).toEqual([]);
  });

  test('of an open line: tags that stand, moved, gone, or came, and its branch', () => {
    const line = known('0.44.0', opened, 'r1');
    const rc1 = tag('0.44.0rc1', 'r1');
    expect(changes(line, [rc1], [branch('0.44.0')])).toEqual([]);
    expect(changes(line, [rc1])).toEqual(['the branch of 0.44.0 is gone']);
    expect(changes(line, [rc1], [], false)).toEqual([]);
    expect(changes(line, [], [branch('0.44.0')])).toEqual(['the tag of 0.44.0rc1 is gone']);
    expect(changes(line, [rc1, tag('0.44.0rc2', 'r2')], [branch('0.44.0')])).toEqual([
      'kestrel-v0.44.0rc2 was made by hand at r2',
    ]);
    expect(changes(line, [rc1, tag('0.44.0', 'f')], [branch('0.44.0')])).toEqual([
      'kestrel-v0.44.0 was made by hand at f; here the line is open',
    ]);
  });

  test('a line that nothing has come of yet says so; one that is being published is waited for', () => {
    const queued = lineOf(lv.queued('one'));
    expect(changes(known('0.44.0', queued), [tag('0.44.0', 'f')])).toEqual([
      'kestrel-v0.44.0 was made by hand at f; here the line is not begun',
    ]);
    const promoting = lineOf(
      admitted('start', 'cut', { version: '0.44.0rc1', candidate: 1 }),
      lv.reached('cut'),
      admitted('publish', 'promote'),
      lv.committed('promote'),
    );
    expect(changes(known('0.44.0', promoting, 'other'), [tag('0.44.0', 'f'), tag('0.44.0rc1')])).toEqual([]);
  });
});
