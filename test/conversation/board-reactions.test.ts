import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { GateState } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { textOf } from './talking.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A promotion that waits for its question to be answered. */
async function asked(): Promise<{ room: Room; run: string; seal: string; question: string }> {
  const room = await openRoom({ process: 'preset' });
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  const seal = await room.seal(run);
  await room.shown();
  const question = (await room.markers()).find((one) => one.includes('_approve_')) ?? '';
  return { room, run, seal, question };
}

/** Puts a reaction there, or takes it away, while nobody listens. */
async function whileAway(room: Room, marker: string, ...all: [string, string, boolean][]): Promise<void> {
  const { local } = room.opened;
  room.crash();
  for (const [user, emoji, on] of all) {
    const by = { issuer: 'local', workspace: 'sandbox', user, name: user } as const;
    await local.react('rel-kestrel', marker, { by, emoji }, on);
  }
  await room.start();
}

async function gateOf(room: Room, run: string): Promise<GateState> {
  const gate = (await room.state(run)).gates['approve'];
  if (gate === undefined) throw new Error('there is no question');
  return gate;
}

describe('a reaction that was put there while the bot was down', () => {
  test('is heard after the start, once', async () => {
    const { room, run, question } = await asked();
    await whileAway(room, question, ['ben', '✅', true]);
    const { gates } = await room.over(run);
    expect(gates['approve']?.votes).toHaveLength(1);
    await room.shown();
    expect(textOf(await room.message(question))).toContain('approved by Ben');
  });

  test('holds before another one opens', async () => {
    const { room, run, question } = await asked();
    await whileAway(room, question, ['ben', '✅', true], ['ana', '❌', true]);
    const { votes, holds = [], decided } = await gateOf(room, run);
    expect({ votes: votes.length, holds: holds.length, decided }).toEqual({
      votes: 1,
      holds: 1,
      decided: undefined,
    });
  });

  test('of somebody who may not vote counts for nothing', async () => {
    const { room, run, question } = await asked();
    await whileAway(room, question, ['cat', '✅', true], ['ana', '✅', true], ['nobody', '✅', true]);
    expect((await gateOf(room, run)).votes).toEqual([]);
  });
});

describe('a reaction that was taken away while the bot was down', () => {
  test('is taken back: the vote, and the hold', async () => {
    const { room, run, question } = await asked();
    await room.reacts('ana', question, '❌');
    await room.reacts('ben', question, '✅');
    expect((await gateOf(room, run)).votes).toHaveLength(1);
    await whileAway(room, question, ['ben', '✅', false]);
    expect(await gateOf(room, run)).toMatchObject({ votes: [], holds: [{ by: { user: 'ana' } }] });
    await whileAway(room, question, ['ana', '❌', false]);
    expect((await gateOf(room, run)).holds ?? []).toEqual([]);
  });

  test('is no approval where hold and vote went together', async () => {
    const { room, run, question } = await asked();
    await room.reacts('ana', question, '❌');
    await room.reacts('ben', question, '✅');
    await whileAway(room, question, ['ana', '❌', false], ['ben', '✅', false]);
    const { votes, holds = [], decided } = await gateOf(room, run);
    expect({ votes, holds, decided }).toEqual({ votes: [], holds: [], decided: undefined });
  });

  test('of a vote that was given by word says nothing', async () => {
    const { room, run, seal, question } = await asked();
    await room.reacts('ana', question, '❌');
    await room.says('ben', `approve ${run} --seal ${seal}`);
    await whileAway(room, question);
    expect((await gateOf(room, run)).votes).toHaveLength(1);
  });
});

test('a vote that was withdrawn by word does not come back with a start', async () => {
  const { room, run, seal, question } = await asked();
  await room.reacts('ana', question, '❌');
  await room.reacts('ben', question, '✅');
  await room.says('ben', `withdraw ${run} --seal ${seal}`);
  expect((await gateOf(room, run)).votes).toEqual([]);
  await whileAway(room, question);
  expect((await gateOf(room, run)).votes).toEqual([]);
});
