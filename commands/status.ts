import { z } from 'zod';
import { boardNow, statusIn } from '../src/app/talk/status.js';
import { stillToRaise } from '../src/app/to-raise.js';
import { defineVerb, type Reply, type VerbContext } from '../src/app/verb.js';
import { channelsNow } from '../src/app/served.js';
import { board } from '../src/chat/views/board.js';
import { channelLine } from '../src/chat/views/channels.js';
import { heldBack } from '../src/chat/views/halt.js';
import { overview } from '../src/chat/views/overview.js';
import { question } from '../src/chat/views/question.js';
import { lineLines } from '../src/chat/views/line.js';
import { instant } from '../src/chat/views/marks.js';
import { publicity, stopped } from '../src/chat/views/stopped.js';
import { count } from '../src/engine/gate.js';
import { haltNow } from '../src/engine/halt.js';
import { readSealed } from '../src/engine/read-outputs.js';
import { openIndex } from '../src/engine/open-index.js';
import { asSlipwayError } from '../src/error.js';
import { lineName } from '../src/release/line-state.js';
import { partsOfLine } from '../src/release/run-id.js';
import type { RunState } from '../src/release/run-state.js';
import { runNamed, runOf } from './on-run.js';

/** What is open, or one run with everything that it waits for. Does not depend on the length of history. */
export const status = defineVerb({
  name: 'status',
  about: 'Show what is open, or one run',
  positional: ['[run]'],
  options: [],
  acts: false,
  args: z.object({ run: z.string().optional() }),
  async run(context, args): Promise<Reply> {
    const { place } = context;
    if (args.run !== undefined) {
      const { problem } = await context.opened.engine.runs.beginning(runNamed(args.run));
      if (problem !== undefined)
        return { lines: await damaged(context, args.run, problem), data: { run: args.run }, exit: 1 };
      const state = await runOf(context, args.run);
      const reply = await one(context, state);
      return place === undefined ? reply : { ...reply, message: await boardNow(context.opened, state) };
    }
    if (place !== undefined) return statusIn(context.opened, place, context.by);
    const open = await openIndex(context.opened.records).list('runs');
    const states: RunState[] = [];
    const unreadable: string[] = [];
    for (const run of open) {
      try {
        const state = await context.opened.engine.runs.load(run);
        if (state !== undefined && state.finished === undefined) states.push(state);
      } catch (error) {
        unreadable.push(...(await damaged(context, run, error)));
      }
    }
    const [only] = states;
    const standing = await openLines(context);
    const channels = await channelsNow(context.opened);
    const halt = await haltNow(context.opened.engine);
    const raise = await stillToRaise(context.opened);
    const around = {
      channels: channels.map(({ project, channel, serves, pin }) => ({
        project,
        channel,
        serves,
        pinned: pin === undefined ? '' : pin.version,
      })),
      halted: halt === undefined ? '' : halt.reason,
    };
    if (only !== undefined && states.length === 1 && unreadable.length === 0) {
      const shown = await one(context, only);
      const lines = [...shown.lines, '', ...standing, ...channels.map(channelLine), ...raise];
      return { ...shown, lines, data: { ...shown.data, ...around } };
    }
    const lines = [
      ...overview(states, halt, context.opened.engine.clock.now()),
      ...unreadable,
      ...(standing.length === 0 ? ['No release line is open. Next: slipway release cut'] : standing),
      ...channels.map(channelLine),
      ...raise,
    ];
    return {
      lines,
      data: { open: states.map((state) => state.created.run), ...around },
      exit: unreadable.length === 0 ? 0 : 1,
    };
  },
});

/** The release lines that are open, with what waits on them. */
async function openLines({ opened }: VerbContext): Promise<string[]> {
  const lines: string[] = [];
  for (const id of await openIndex(opened.records).list('lines')) {
    const { state } = await opened.engine.lines.beginning(id);
    const { project, target } = partsOfLine(id);
    if (state !== undefined && lineName(state) !== 'none') lines.push(...lineLines(project, target, state));
  }
  return lines;
}

/** A run whose journal cannot be read to its end: what is wrong, and what was public when it could be. */
async function damaged({ opened }: VerbContext, run: string, problem: unknown): Promise<string[]> {
  const { message, hint } = asSlipwayError(problem);
  const { state } = await opened.engine.runs.beginning(run);
  const known =
    state === undefined
      ? []
      : [`As far as it can be read (${instant(state.at)}): ${publicity(state).join(' ')}`];
  return [`⚠️ ${run}: ${message}`, hint, ...known].filter((line) => line !== '');
}

async function one({ opened }: VerbContext, state: RunState) {
  const halt = state.finished === undefined ? await haltNow(opened.engine) : undefined;
  const held = halt === undefined ? [] : [heldBack(halt)];
  const lines = [...held, ...board(state), ...stopped(state)];
  for (const gate of Object.values(state.gates)) {
    if (gate.decided !== undefined || state.finished !== undefined) continue;
    const tally = await count(opened.engine, state, gate);
    lines.push(
      '',
      ...question(state, gate, await readSealed(opened.engine, gate.seal), tally, opened.engine.clock.now()),
    );
  }
  const steps = Object.fromEntries(state.steps.map((step) => [step.outline.id, step.status]));
  const seals = Object.fromEntries(Object.values(state.gates).map((gate) => [gate.step, gate.seal]));
  return {
    lines,
    data: {
      run: state.created.run,
      version: state.created.version,
      steps,
      seals,
      finished: state.finished?.outcome ?? '',
    },
    exit: 0,
  };
}
