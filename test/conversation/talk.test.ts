import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { steady } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

describe('a release is begun in a room', () => {
  test('a form starts nothing; its plan starts exactly what was read', async () => {
    const room = await openRoom({ process: 'preset' });
    const form = await room.types('ana', '/release');
    expect(form.text).toMatchInlineSnapshot(`
      "Start a release
      Project = kestrel of kestrel
      Operation = cut of cut, fixup, promote, hotfix, abandon, latest
      Version (optional) ("Empty takes 0.44.0, next after 0.43.2")
      Reason (optional) ("Optional")
      [Show the plan] [Close]"
    `);
    const plan = await room.submits('ana', form);
    expect(steady(plan.text)).toMatchInlineSnapshot(`
      "Plan: cut kestrel 0.44.0rc1. Nothing was changed
      1 Create the branch release/kestrel-v0.44.0 at ‹commit›
      2 Let node scripts/lock.mjs bring its files after the version
      3 Commit "Bumping Kestrel Version to v0.44.0rc1" to release/kestrel-v0.44.0
      4 Run node scripts/build.mjs, which makes tarball
      5 Store tarball as releases/kestrel-0.44.0rc1.tar.gz
      6 Point internal at 0.44.0rc1, internal serves nothing · 7 Tag the commit as kestrel-v0.44.0rc1
      8 Say in eng-process: "Kestrel 0.44.0rc1 is on internal. Please use it and report blocking bugs."
      Public afterwards: all but lock files, build. Nobody is asked. If main moves, the start stops.
      plan XXXX-XXXX · commit ‹commit›
      [Start the cut]+ [All commands]"
    `);
    expect(await room.opened.records.names('open/runs/')).toEqual([]);
    expect(await room.sees()).toEqual([]);

    await room.origin.commit('main', { 'CHANGES.md': 'one more\n' }, 'One more change');
    const moved = await room.presses('ana', 'Start the cut', { answer: plan });
    expect(steady(moved.text)).toMatchInlineSnapshot(`
      "That is not the plan that you have read: main moved from ‹commit› to ‹commit›.
      Nothing was started. Read it again: /release plan cut
      [Show the plan]+"
    `);
    expect(await room.opened.records.names('open/runs/')).toEqual([]);

    const again = await room.presses('ana', 'Show the plan', { answer: moved });
    const all = await room.presses('ana', 'All commands', { answer: again });
    expect(steady(all.text)).toContain('— from here on nothing can be taken back —');
    const more = await room.presses('ana', 'Show more', { answer: all });
    expect(steady(more.text)).toMatchInlineSnapshot(`
      "Whether the storage takes the write is known only by writing.
      May be started by Ana, Ben.
      plan XXXX-XXXX · commit ‹commit›"
    `);
    const started = await room.presses('ana', 'Start the cut', { answer: again });
    expect(started.text).toMatchInlineSnapshot(`
      "Accepted: cut of kestrel 0.44.0rc1.
      After it: main still says 0.44.0: raise it to 0.45.0 in pyproject.toml.
      Released by hand, and not known here: 0.43.2. Next: /release adopt
      [Open the board→]"
    `);
    await room.over('kestrel_0.44.0_cut_1');
  });

  test('who may start nothing gets no form, and is told who may', async () => {
    const room = await openRoom({ process: 'preset' });
    expect((await room.types('cat', '/release')).text).toMatchInlineSnapshot(`
      "You may start nothing of kestrel. Nothing was started.
      Others decide: Ana, Ben."
    `);
    expect((await room.types('cat', '/release cut')).text).toMatchInlineSnapshot(`
      "Starting cut of kestrel needs the role coordinator or maintainer. Ana and Ben have it.
      Nothing was started."
    `);
    // A plan needs nobody, and has no button for who may not start it.
    expect((await room.types('cat', '/release plan cut')).text).not.toContain('Start the');
  });

  test('help says only what this person can run', async () => {
    const room = await openRoom({ process: 'preset' });
    expect((await room.types('ben', '/release help')).text).toMatchInlineSnapshot(`
      "You may: cut, fixup, promote, hotfix, latest, plan, where, history, version, verify, status.
      Others decide: abandon (Ana).
      In a thread: @slipway retry, answer, skip, pause, resume, cancel.
      For the whole project: leave-queue, not-now, not-me-today, stop-everything, resume-everything, point, unpoint, freeze, unfreeze, adopt.
      Write /release and one of these words; /release alone opens a form."
    `);
    expect((await room.types('cat', '/release help')).text).toMatchInlineSnapshot(`
      "You may: plan, where, history, version, verify, status.
      Others decide: cut, fixup, promote, hotfix, latest (Ana, Ben); abandon (Ana).
      Write /release and one of these words; /release alone opens a form."
    `);
  });

  test('an operation asks for what it cannot be started without', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    const form = await room.types('ana', '/release abandon 0.44.0');
    expect(form.text).toMatchInlineSnapshot(`
      "Abandon
      Why
      [Start the abandon] [Not now]"
    `);
    await room.submits('ana', form, { 'input:reason': 'bad bump' });
    await room.over('kestrel_0.44.0_abandon_1');
    // The line takes its end from the run.
    await until('history knows it', async () =>
      (await room.types('ana', '/release history')).text.includes('0.44.0'),
    );
    expect(steady((await room.types('ana', '/release history')).text)).toMatchInlineSnapshot(`
      "kestrel: history, page 1 of 1
      0.44.0 · abandoned ‹time›: "bad bump""
    `);
    // Said in the line, it is not asked for.
    expect(steady((await room.types('ana', '/release abandon 0.44.0 --reason "twice"')).text))
      .toMatchInlineSnapshot(`
        "kestrel 0.44.0: already done by Ana, ‹time›.
        Nothing was started.
        [Open the board→]"
      `);
  });
});

test('a command that lacks something is asked for it, and a mention is told', async () => {
  const room = await openRoom({ process: 'preset' });
  const form = await room.types('ana', '/release stop-everything');
  expect(form.text).toMatchInlineSnapshot(`
    "Stop everything
    Reason ("why")
    [Stop everything] [Not now]"
  `);
  expect((await room.submits('ana', form, { reason: 'keys leaked' })).text).toContain('"keys leaked"');
  expect((await room.types('ana', '@slipway skip')).text).toMatchInlineSnapshot(
    `"skip needs <run>, <step>, --reason <text>. Nothing was started."`,
  );
  expect((await room.types('ana', '/release approve')).text).toBe(
    'approve needs --seal <seal>. Nothing was started.\nThe buttons of the question say it for you.',
  );
  expect((await room.types('ana', '/release resume-everything')).text).toContain('Everything goes on.');
});

describe('status, queue, errors', () => {
  test('what is open, with what needs a person first', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.seal(promote);
    const status = await room.types('cat', '/release status');
    expect(steady(status.text)).toMatchInlineSnapshot(`
      "1 release open
      ✋ kestrel 0.44.0 · waiting, approval 0 of 1, ‹span› left
      internal: kestrel 0.44.0rc1 · stable: kestrel nothing yet · latest: kestrel nothing yet
      freeze: none"
    `);
    expect(steady((await room.types('ana', '/release status')).text)).toContain('[Start a release…]');
    const begun = await room.presses('ana', 'Start a release…', {
      answer: await room.types('ana', '/release status'),
    });
    expect(begun.answer?.is).toBe('form');
    // Names lead to boards.
    const { answer } = status;
    expect(answer?.is === 'message' && answer.message.blocks[0]).toMatchObject({
      lines: [
        {
          pieces: [
            { is: 'link', target: { to: 'message', room: 'rel-kestrel', marker: `${promote}_board` } },
            {},
            {},
          ],
        },
      ],
    });
    await room.shown();
    const one = await room.types('ana', '@slipway status', { thread: `${promote}_board` });
    expect(one.text).toBe('');
    expect(steady((await room.sees()).at(-1) ?? '')).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promoting, approval 0 of 1
      ✅ Notes · done ‹span›
      ✅ Lock files · done ‹span›
      ✅ Bump commit ‹commit› · done ‹span›
      ✅ Build · done ‹span›
      ✋ Approval · waiting, 0 of 1, until ‹time›
      ▫️ Push · to do
      ▫️ Upload · to do
      ▫️ Tag · to do
      ▫️ Move internal and stable · to do
      ▫️ Announce · to do
      Asked by Ana ‹time› · plan XXXX-XXXX"
    `);
  });

  test('who waits for his turn reads who is busy, and can leave', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const room = await openRoom({
      process: 'preset',
      at: (point, { step }) => (point === 'before-send' && step === 'tag' ? held : undefined),
    });
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'tag', 'claimed');
    const queued = await room.types('ben', '/release fixup');
    expect(steady(queued.text)).toMatchInlineSnapshot(`
      "kestrel is busy: Ana, cut 0.44.0rc1, step 7 of 8. Your fixup is next and starts by itself.
      [Open the board→] [Leave the queue]"
    `);
    const left = await room.presses('ben', 'Leave the queue', { answer: queued });
    expect(left.text).toMatchInlineSnapshot(
      `"Left the queue: fixup of kestrel 0.44.0. Nothing was started. What runs goes on."`,
    );
    release();
    await room.over(cut);
  });

  test('each error says what did not happen, and the way on', async () => {
    const room = await openRoom({ process: 'preset' });
    const texts: string[] = [];
    for (const [person, line, where] of [
      ['ana', '/release prmote', 'rel-kestrel'],
      ['ana', '/release statsu', 'rel-kestrel'],
      ['cat', '/release promote', 'rel-kestrel'],
      ['ana', '/release cut', 'eng-process'],
      ['ana', '/release cut 0.99.0', 'rel-kestrel'],
      ['ana', '/release cut --reason “no end', 'rel-kestrel'],
      ['ana', '/release promote', 'rel-kestrel'],
      ['ana', '@slipway retry', 'rel-kestrel'],
      ['ana', '/release status no-such-run', 'rel-kestrel'],
      ['mallory', '/release cut', 'rel-kestrel'],
    ] as const) {
      texts.push(`${person}: ${line}\n${(await room.types(person, line, { room: where })).text}`);
    }
    expect(texts.join('\n\n')).toMatchInlineSnapshot(`
      "ana: /release prmote
      "prmote" is not a command. Did you mean /release promote? Nothing was started.
      [Use promote…]

      ana: /release statsu
      "statsu" is not a command. Did you mean /release status? Nothing was started.
      [Use status]

      cat: /release promote
      Starting promote of kestrel needs the role coordinator or maintainer. Ana and Ben have it.
      Nothing was started.

      ana: /release cut
      kestrel is released in #rel-kestrel. Nothing was started.
      [Go there→]

      ana: /release cut 0.99.0
      The version file says 0.44.0, not 0.99.0.
      Nothing was started. The version file decides what a cut makes; change it there.

      ana: /release cut --reason “no end
      The quote “ at column 23 is not closed. Nothing was started.

      ana: /release promote
      No release line of kestrel is open.
      Nothing was started. Cut one first: /release cut

      ana: @slipway retry
      No run is open here. Nothing was changed.

      ana: /release status no-such-run
      There is no run "no-such-run".
      Nothing was changed. /release status lists what is open.

      mallory: /release cut
      "mallory" is nobody of slipway.yaml.
      Nothing was started. People: ana, ben, cat."
    `);
    const use = await room.presses('ana', 'Use promote…', {
      answer: await room.types('ana', '/release prmote 0.44.0'),
    });
    expect(use.text).toContain('Plan');
    expect(await room.opened.records.names('open/runs/')).toEqual([]);
  });

  test('a version that exists is never overwritten; what comes after it is offered', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    const refused = await room.types('ana', '/release cut');
    expect(refused.text).toMatchInlineSnapshot(`
      "kestrel 0.44.0 exists: released by Ana. A final version is never overwritten.
      Nothing was started. main still says 0.44.0: raise it to 0.45.0 in pyproject.toml. Then cut that.
      [Plan 0.44.1]+"
    `);
    const plan = await room.presses('ana', 'Plan 0.44.1', { answer: refused });
    expect(plan.text).toMatch(/^Plan: hotfix kestrel 0\.44\.1/);
  });

  test('a freeze says until when, and what still works; who is excepted says why', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'freeze'], {
      start: ['coordinator'],
    });
    const on = await room.types('ana', '/release freeze --until 4h --reason “quarter end” --allow fixup');
    expect(on.text).toContain('"quarter end"');
    const ben = await room.types('ben', '/release cut');
    expect(frozenText(ben.text)).toMatchInlineSnapshot(`
      "🔒 kestrel · frozen until ‹when› Europe/London by Ana: "quarter end".
      Nothing was started. fixup is allowed. An exception is for coordinator, with a reason."
    `);
    const plan = await room.types('ana', '/release plan cut');
    expect(frozenText(plan.text)).toContain('Would be refused: kestrel · frozen until');
    expect(plan.text).not.toContain('Start the');
    const ana = await room.types('ana', '/release cut');
    expect(frozenText(ana.text)).toMatchInlineSnapshot(`
      "🔒 kestrel · frozen until ‹when› Europe/London by Ana: "quarter end".
      Nothing was started. fixup is allowed. You may start it all the same: add --reason "…".
      [Make an exception…]"
    `);
    expect(frozenText((await room.types('ben', '/release status')).text)).toMatchInlineSnapshot(`
      "No releases open
      🔒 kestrel · frozen until ‹when› Europe/London by Ana: "quarter end".
      internal: kestrel nothing yet · stable: kestrel nothing yet · latest: kestrel nothing yet
      [Start a release…]"
    `);
    const started = await room.presses('ana', 'Make an exception…', {
      answer: ana,
      values: { reason: 'a fix for all' },
    });
    expect(started.text).toContain('Accepted: cut of kestrel 0.44.0rc1.');
    await room.over('kestrel_0.44.0_cut_1');
  });

  test('what was released by hand is taken over by a button that holds what was shown', async () => {
    const room = await openRoom({ process: 'preset' });
    const shown = await room.types('ana', '/release adopt');
    expect(steady(shown.text)).toMatchInlineSnapshot(`
      "kestrel: 1 release line made by hand. Nothing was changed.
      ✅ 0.43.2 · released, kestrel-v0.43.2 at ‹commit›
      Afterwards these lines are as if Slipway had made them; no number that a tag has is used again.
      [Take over]+"
    `);
    expect((await room.presses('ana', 'Take over', { answer: shown })).text).toMatchInlineSnapshot(`
      "kestrel: 1 release line taken over.
      Next: /release cut"
    `);
  });

  test('a paused run and a pinned channel say how that ends', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const room = await openRoom({
      process: 'preset',
      at: (point, { step }) => (point === 'before-send' && step === 'tag' ? held : undefined),
    });
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'tag', 'claimed');
    const paused = await room.types('ana', `/release pause ${cut}`);
    expect(paused.text).toMatchInlineSnapshot(`
      "Paused. What runs now ends by itself.
      [Resume]"
    `);
    await room.presses('ana', 'Resume', { answer: paused });
    release();
    await room.over(cut);
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], {
      start: ['coordinator'],
    });
    const pinned = await room.types('ana', '/release point internal 0.44.0rc1 --reason "db migration"');
    expect(pinned.text).toMatchInlineSnapshot(`
      "🔒 kestrel internal · pinned to 0.44.0rc1 by Ana: "db migration".
      It was read back. No release moves it. Next, when the reason is gone: /release unpoint internal
      [Unpin]"
    `);
    expect((await room.presses('ana', 'Unpin', { answer: pinned })).text).toMatchInlineSnapshot(
      `"kestrel internal is no longer pinned to 0.44.0rc1 by Ana: "db migration". It serves 0.44.0rc1."`,
    );
  });
});

/** Without the moment at which the freeze ends. */
function frozenText(text: string): string {
  return steady(text).replaceAll(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{2}:\d{2}/g, '‹when›');
}
