import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { historyLines } from '../../src/chat/views/history.js';
import { noteClosed } from '../../src/engine/closed-index.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

async function begin(room: Room, from: string, to: string): Promise<void> {
  const file = await room.origin.read('main', 'pyproject.toml');
  await room.origin.commit(
    'main',
    { 'pyproject.toml': `${file.replace(from, to)}\n`, 'CHANGES.md': `${to}\n` },
    `Begin ${to}`,
  );
}

test('a line of history says outcome, time, approvals and how long people were waited for', () => {
  const [, line] = historyLines('kestrel', 1, 1, [
    {
      target: '0.43.2',
      outcome: 'released',
      at: Date.UTC(2025, 9, 2, 10, 12),
      by: 'Ana',
      approvals: ['Ada Osei', 'Jonas\u202e Weil'],
      waitedMs: 19 * 3_600_000,
      reason: '',
    },
  ]);
  expect(line).toBe(
    '✅ 0.43.2 · released 2 Oct 2025 10:12 UTC by Ana, 2 approvals (Ada Osei, Jonas\\u202e Weil), 19 h 00 min waiting',
  );
});

describe('history', () => {
  test('says how lines ended, newest first: released with approvals, abandoned with the reason, taken over', async () => {
    const room = await openRoom();
    expect((await room.says('cat', 'history')).lines).toEqual([
      'kestrel: nothing was released or abandoned yet.',
    ]);
    const look = (await room.says('ana', 'adopt')).lines.join('\n');
    await room.says('ana', `adopt --confirm ${/--confirm (\S+)/.exec(look)?.[1] ?? ''}`);
    await room.over(await room.starts('ana', 'release cut'));
    expect((await room.says('cat', 'history')).data).toMatchObject({ all: 1 });
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    await room.says('ben', `approve ${promote} --seal ${seal}`);
    await room.over(promote);
    await begin(room, '0.44.0', '0.45.0');
    await room.over(await room.starts('ana', 'release cut'));
    await room.over(await room.starts('ana', "release abandon --input 'reason=bad bump'"));

    // The line takes its end from the run.
    await until('history knows the last one', async () =>
      (await room.says('cat', 'history')).lines.join('\n').includes('abandoned'),
    );
    const page = await room.says('cat', 'history');
    expect(page.data).toMatchObject({
      page: 1,
      pages: 1,
      ended: [
        { target: '0.45.0', outcome: 'abandoned', by: 'Ana', reason: 'bad bump' },
        { target: '0.44.0', outcome: 'released', by: 'Ana', approvals: ['Ben'] },
        { target: '0.43.2', outcome: 'adopted', by: 'Ana' },
      ],
    });
    const lines = page.lines.join('\n');
    expect(lines).toMatch(/0\.45\.0 · abandoned .* by Ana: "bad bump"/);
    expect(lines).toMatch(/0\.44\.0 · released .* by Ana, 1 approval \(Ben\), [0-9.]+ s waiting/);
    expect(lines).toMatch(/0\.43\.2 · released by hand, taken over .* by Ana/);
  });

  test('reads only the page that is shown, five lines a page, each once', async () => {
    const room = await openRoom();
    const by = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;
    const { engine } = room;
    for (let n = 1; n <= 12; n += 1) {
      const target = `0.${n}.0`;
      await engine.lines.update(`kestrel_${target}`, () => ({
        type: 'line.adopted',
        settled: 'promoted',
        version: target,
        candidate: 0,
        commit: 'c'.repeat(40),
        by,
      }));
      await noteClosed(room.opened.records, { project: 'kestrel', target, at: n * 1000 });
    }
    await noteClosed(room.opened.records, { project: 'kestrel', target: '0.1.0', at: 500 });
    const read: string[] = [];
    const { load } = engine.lines;
    Object.assign(engine.lines, { load: (id: string) => (read.push(id), load(id)) });
    const second = await room.says('cat', 'history --page 2');
    expect(second.data).toMatchObject({ pages: 3, all: 12 });
    expect(read).toEqual(['0.7.0', '0.6.0', '0.5.0', '0.4.0', '0.3.0'].map((target) => `kestrel_${target}`));
    expect(second.lines.at(-1)).toBe('Older: slipway history --project kestrel --page 3');
    expect((await room.says('cat', 'history --page 3')).lines).toHaveLength(3);
    expect((await room.says('cat', 'history --page 4')).lines[0]).toContain('no page 4');
    for (const wrong of ['0', '-1', '1.5', 'two', '1e99'])
      expect((await room.says('cat', `history --page ${wrong}`)).exit).toBe(2);
  });
});
