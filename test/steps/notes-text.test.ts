import { describe, expect, it } from 'vitest';
import { notesText } from '../../src/steps/notes-text.js';
import { runOfTrailer, withTrailer } from '../../src/steps/trailer.js';

const sha = 'a1'.repeat(20);

function change(message: string, parents = 1) {
  return {
    commit: sha,
    parents: Array<string>(parents).fill(sha),
    subject: message.split('\n', 1)[0] ?? '',
    message,
  };
}

function textOf(...messages: string[]): string {
  return notesText(
    messages.map((message) => change(message)),
    'kestrel',
  ).text;
}

describe('notes', () => {
  it('are grouped, newest first in each group', () => {
    expect(
      textOf(
        'fix: second',
        'Add a thing without a type',
        'feat(ui): look',
        'Bump left-pad from 1.0 to 2.0',
        'fix(core): first',
        'chore(deps): update x',
        'feat!: another shape',
        'refactor: same\n\nBREAKING CHANGE: it is not the same',
      ),
    ).toBe(
      [
        'Breaking\n- another shape\n- same',
        'New\n- look',
        'Fixed\n- second\n- first',
        'Changed\n- Add a thing without a type',
        'Dependencies\n- Bump left-pad from 1.0 to 2.0\n- update x',
      ].join('\n\n'),
    );
  });

  it('take the title of a merge', () => {
    const merges = [
      change('Merge pull request #12 from ana/fix\n\nfix: the door', 2),
      change("Merge branch 'x'", 2),
      change("Merge branch 'y'\n\nWhat y is about", 2),
      change('feat: squashed (#13)', 1),
    ];
    expect(notesText(merges, 'kestrel').text).toBe(
      "New\n- squashed (#13)\n\nFixed\n- the door (#12)\n\nChanged\n- Merge branch 'x'\n- What y is about",
    );
  });

  it('leave out our own version commits, and count them; not those of others, and no picks', () => {
    const own = withTrailer('Release 1', 'kestrel_1.0.0_cut_1');
    const other = withTrailer('Release 2', 'otter_1.0.0_cut_1');
    const picked = `fix: door\n\n(cherry picked from commit ${sha})\nSlipway-Run: kestrel_1.0.0_fixup_1`;
    const { text, count, bumps } = notesText([change(own), change(other), change(picked)], 'kestrel');
    expect({ count, bumps }).toEqual({ count: 2, bumps: 1 });
    expect(text).toBe('Fixed\n- door\n\nChanged\n- Release 2');
    expect(notesText([change(own)], 'kestrel').text).toBe('No changes.');
  });

  it('hold no character that moves the cursor or hides a word, and no endless line', () => {
    const text = textOf('fix: a\u202eb\u001b[2Jc\r\u200b\u2028d\ttab\u0085e', `feat: ${'x'.repeat(5_000)}`);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).toContain('Fixed\n- ab [2Jc d tab e');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(210);
  });
});

describe('the trailer', () => {
  it('is read from the last line of the last paragraph only', () => {
    const run = 'kestrel_1.0.0_cut_1';
    expect(runOfTrailer(withTrailer('Release', run))).toBe(run);
    const signed = withTrailer('Release\n\nbody\n', run, 'S <s@x>');
    expect(signed).toBe(`Release\n\nbody\n\nSigned-off-by: S <s@x>\nSlipway-Run: ${run}`);
    expect(runOfTrailer(signed)).toBe(run);
    expect(runOfTrailer(`Slipway-Run: ${run}`)).toBe('');
    expect(runOfTrailer(`Release\n\nSlipway-Run: ${run}\n\nmore`)).toBe('');
    expect(runOfTrailer(`Release\n\nSlipway-Run: ${run}\nMore: x`)).toBe('');
    expect(runOfTrailer(`Release\n\nSlipway-Run: a b`)).toBe('');
  });
});
