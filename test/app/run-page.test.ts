import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { logPart, runPage } from '../../src/app/run-page.js';
import { logPartBytes } from '../../src/app/run-page/log-part.js';
import { boardMarker } from '../../src/chat/markers.js';
import { openLog } from '../../src/engine/logs.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from '../conversation/room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

async function cut(): Promise<{ room: Room; run: string }> {
  const room = await openRoom({ process: 'preset' });
  const run = await room.starts('ana', 'release cut');
  await room.over(run);
  return { room, run };
}

/** The whole log, part by part. */
async function wholeLog(room: Room, run: string, step: string): Promise<{ texts: string[]; over: boolean }> {
  const texts: string[] = [];
  let part = await logPart(room.opened, run, step);
  for (;;) {
    texts.push(part.text);
    if (!part.more) return { texts, over: part.over };
    part = await logPart(room.opened, run, step, part.next);
  }
}

describe('the page of a run', () => {
  test('says what was done, what it took, what was built, and what happened', async () => {
    const { room, run } = await cut();
    await room.shown();
    const page = await runPage(room.opened, run);
    expect(page).toMatchObject({
      run,
      project: 'kestrel',
      version: '0.44.0rc1',
      operation: 'cut',
      room: 'rel-kestrel',
      marker: boardMarker(run),
      problem: '',
      state: 'done',
      asked: { by: 'Ana' },
      branch: 'release/kestrel-v0.44.0',
      seals: [],
      cancel: { words: 'The run is over. There is nothing to cancel.', button: null },
    });
    expect(page.steps.find(({ id }) => id === 'branch')).toMatchObject({
      name: 'Branch',
      sentence: expect.stringContaining('branch'),
    });
    expect(page.metrics.map(({ name }) => name)).toEqual(['Machines worked', 'kestrel-0.44.0rc1.tar.gz']);
    expect(page.metrics[1]?.value).toMatch(/^\d+ bytes, sha256:[0-9a-f]{12}$/);
    expect(page.journal.map(({ seq }) => seq)).toEqual(page.journal.map((_, place) => place + 1));
    expect(page.journal[0]).toMatchObject({ by: 'Ana', event: { type: 'run.created', run } });
    expect(page.journal.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Asked for cut of kestrel 0\.44\.0rc1 at [0-9a-f]{7}, plan /),
        'Build: attempt 1 began.',
        'Tag: is sent now: Tag the commit as kestrel-v0.44.0rc1. From here on it may exist.',
        expect.stringMatching(
          /^Tag: done, read back: kestrel-v0\.44\.0rc1 names [0-9a-f]{7}\. Outputs sha256:/,
        ),
        'Ended: done.',
      ]),
    );
  });

  test('shows votes with what each counts for, and what cancel would do', async () => {
    const { room } = await cut();
    await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'cat']);
    await room.set(
      'slipway.yaml',
      ['policies', 'standard', 'gates', 'approve', 'rules'],
      [{ need: 2, of: ['maintainer'] }],
    );
    const run = await room.starts('ana', 'release promote');
    const seal = await room.seal(run);
    await room.says('ben', `approve ${run} --seal ${seal}`);
    const page = await runPage(room.opened, run);
    expect(page.state).toBe('waiting');
    expect(page.seals).toEqual([
      {
        step: 'approve',
        short: seal,
        whole: expect.stringMatching(/^[0-9a-f]{64}$/),
        state: 'open, 1 of 2',
        votes: [{ name: 'Ben', at: expect.any(Number), counts: 'counts' }],
      },
    ]);
    expect(page.cancel).toMatchObject({
      ends: ['Push', 'Upload', 'Tag', 'Move internal and stable', 'Announce'],
      stays: [],
      button: { label: 'Cancel the promotion', does: { say: { verb: 'cancel', args: { run } } } },
    });
    await room.edit('slipway.yaml', (text) => text.replace('need: 2', 'need: 1'));
    await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'cat']);
    const [asked] = (await runPage(room.opened, run)).seals;
    expect(asked).toMatchObject({ state: 'open, 0 of 2', votes: [{ counts: 'not counted: no approver' }] });
    await room.says('ana', `hold ${run} --seal ${seal}`);
    expect((await runPage(room.opened, run)).seals[0]?.state).toBe('open, 0 of 2, held by Ana');
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
    expect((await runPage(room.opened, run)).cancel.button).toBeNull();
  });

  test('shows what can be read of a damaged journal, and starts nothing of it', async () => {
    const { room, run } = await cut();
    const folder = join(room.opened.records.place.replace(/^folder /, ''), 'runs', run);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted();
    await room.stop();
    const broken = join(folder, files[5] ?? '');
    await writeFile(broken, (await readFile(broken, 'utf8')).replace('"seq":6', '"seq":7'));
    await room.start();
    const page = await runPage(room.opened, run);
    expect(page.seq).toBe(5);
    expect(page.journal).toHaveLength(5);
    expect(page.problem).toMatch(/is damaged/);
    expect(page.cancel.button).toBeNull();
    expect(page.board).toBeNull();
  });

  test('knows no run that is not there', async () => {
    const { room } = await cut();
    await expect(runPage(room.opened, 'kestrel_9.9.9_cut_1')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the log of a step', () => {
  test('comes in parts that make the whole, cut between characters, each attempt under its heading', async () => {
    const { room, run } = await cut();
    const { records, clock } = room.engine;
    const line = 'äöü€😀 \u001b[31mred\u001b[0m \u202e\tend\r\n';
    const many = Math.ceil((2.5 * logPartBytes) / Buffer.byteLength(line));
    for (const attempt of [1, 2]) {
      const log = openLog(records, clock, run, 'tag', attempt);
      for (let n = 0; n < many; n += 1) log.write(Buffer.from(line));
      await log.end();
    }
    room.clock.aheadMs = 60_000;
    const { texts, over } = await wholeLog(room, run, 'tag');
    const shown = 'äöü€😀 \\u001b[31mred\\u001b[0m \\u202e\tend\n';
    expect(texts.join('')).toBe(`== attempt 1\n${shown.repeat(many)}\n== attempt 2\n${shown.repeat(many)}`);
    expect(texts.length).toBeGreaterThan(4);
    expect(over).toBe(true);
  });

  test('goes on from where it was read to, also within a character', async () => {
    const { room, run } = await cut();
    const { records, clock } = room.engine;
    const euro = Buffer.from('€');
    const first = openLog(records, clock, run, 'tag', 1);
    first.write(Buffer.concat([Buffer.from('one '), euro.subarray(0, 2)]));
    await first.end();
    const before = await logPart(room.opened, run, 'tag');
    expect(before).toMatchObject({ text: '== attempt 1\none ', over: false });
    const second = openLog(records, clock, run, 'tag', 1);
    second.write(Buffer.concat([euro.subarray(2), Buffer.from(' two')]));
    await second.end();
    expect((await logPart(room.opened, run, 'tag', before.next)).text).toBe('€ two');
    await expect(logPart(room.opened, run, 'tag', '../x')).rejects.toMatchObject({ code: 'command-invalid' });
    await expect(logPart(room.opened, run, 'nothing')).rejects.toMatchObject({ code: 'not-found' });
  });
});
