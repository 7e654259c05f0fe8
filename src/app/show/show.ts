import type { RunFacts } from '../../chat/views/run-facts.js';
import { openIndex } from '../../engine/open-index.js';
import type { Clock } from '../../engine/ports/clock.js';
import { asSlipwayError } from '../../error.js';
import type { LineState } from '../../release/line-state.js';
import { own } from '../../release/own.js';
import { lineOfRun, partsOfLine } from '../../release/run-id.js';
import { hasDayOff } from '../day-off.js';
import { offerOf } from '../offered.js';
import { personOf } from '../policies.js';
import { isQuiet } from '../quiet-hours.js';
import type { Opened } from '../wire.js';
import { openBesides } from './besides.js';
import { factsOf } from './facts.js';
import type { Time } from './place.js';
import { isFinal, nextLook } from './looks.js';
import { openRoomLines } from './room-lines.js';
import { openRooms } from './rooms.js';
import { openTurns } from './turns.js';
import { toldLeft } from './told-left.js';
import { toldOf, wantedOf } from './wanted-of.js';
import { wantedOffer } from './wanted-offer.js';
import { wantedSuperseded } from './wanted-superseded.js';

/** Keeps rooms as the journal stands: boards, questions, reminders. */
export interface Show {
  /** Something may have happened to the run: what rooms show of it, and of its line, is looked at again. Never throws. */
  touch(run: string): void;
  /** Something besides the journals of runs may have changed: a line, a pin, a freeze, a halt. Never throws. */
  touchAll(): void;
  /** Waits until rooms show what the journals hold now, without the pauses between edits. */
  settled(): Promise<void>;
  /** Shows nothing more. */
  stop(): Promise<void>;
}

/** A run that rooms show: how to call off its next look, and why the last one failed; ''. */
interface Kept {
  callOff: () => void;
  problem: string;
}

/** How many runs are looked at at once. */
const atOnce = 4;
/** How soon a run is looked at again that could not be read, or somebody of it not told, in ms. */
const againMs = 60_000;

/** How long the last edit of a run is waited for before other runs have their turn, in ms. */
const idleMs = 5_000;

/** Time as it passes. `clock` is the wall. */
export function timeOf(clock: Clock): Time {
  return {
    now: () => clock.now(),
    after(ms, call) {
      const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Starts to show: first everything that was not final when the bot stopped, then what is touched. */
export function openShow(opened: Opened, { time = timeOf(opened.engine.clock) }: { time?: Time } = {}): Show {
  const { engine, records } = opened;
  const index = openIndex(records);
  const warn = (text: string, error: unknown): void => engine.warn(text, error);
  const rooms = openRooms({ chats: opened.chats, leases: engine.leases, worker: engine.worker, time, warn });
  const kept = new Map<string, Kept>();
  const lines = new Map<string, number>();
  let isStopped = false;

  const roomLines = openRoomLines(opened);
  const besides = openBesides(opened, (run) => turns.ask(run));
  const turns = openTurns(async (run) => {
    const before = kept.get(run);
    before?.callOff();
    const now = before ?? { callOff: () => undefined, problem: '' };
    kept.set(run, now);
    try {
      if (before === undefined) await index.add('boards', run);
      await look(run);
      now.problem = '';
    } catch (error) {
      // What is wrong just now, as slipway.yaml may be, is right again later. It is told once.
      const { message } = asSlipwayError(error);
      if (message !== now.problem) warn(`${run} is not shown as it stands: ${message}`, error);
      now.problem = message;
      lookAgain(run, againMs);
    }
  }, atOnce);

  const look = async (run: string): Promise<void> => {
    if (isStopped) return;
    const facts = await factsOf(opened, run, await besides.of(run));
    if (facts === undefined) return forget(run);
    const wanted = [...wantedOf(facts), ...(await wantedSuperseded(opened, facts.state))];
    const isShown = await rooms.show(run, wanted, () => turns.ask(run));
    const isTold = (await tellPeople(facts)) && isShown;
    tellLine(run, facts);
    if (facts.line?.offer !== undefined) await showOffer(lineOfRun(run));
    if (facts.line?.left !== undefined) await tellLeft(lineOfRun(run), facts.line, facts.line.left);
    if (isFinal(facts)) {
      await atMost(idleMs, rooms.idle(run));
      if (isTold && rooms.isDone(run)) return forget(run);
    }
    const due = isTold && !isFinal(facts) ? nextLook(facts) : againMs;
    if (due !== undefined) lookAgain(run, due);
  };
  const lookAgain = (run: string, ms: number): void => {
    const one = kept.get(run);
    if (one !== undefined && !isStopped) one.callOff = time.after(ms, () => turns.ask(run));
  };
  /** A chat that hangs must not keep other runs from being looked at. */
  const atMost = async (ms: number, what: Promise<void>): Promise<void> => {
    let callOff = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      callOff = time.after(ms, resolve);
    });
    await Promise.race([what, late]);
    callOff();
  };
  /** False: somebody is to be told later. */
  const tellPeople = async (facts: RunFacts): Promise<boolean> => {
    const told = toldOf(facts);
    if (told.length === 0) return true;
    const { timeZone } = await opened.installation();
    if (isQuiet(facts.now, timeZone)) return false;
    const off = await Promise.all(told.map(({ person }) => hasDayOff(records, person, facts.now, timeZone)));
    const isTold = await rooms.tell(
      facts.room,
      told.filter((_, place) => !off[place]),
    );
    return isTold && !off.includes(true);
  };
  /** What was asked for, waited its turn and was not started: who asked waits for it. */
  const tellLeft = async (
    id: string,
    line: LineState,
    { by }: NonNullable<LineState['left']>,
  ): Promise<void> => {
    const installation = await opened.installation();
    const project = own(installation.projects, partsOfLine(id).project);
    const person = project === undefined ? undefined : personOf(installation, project, by);
    if (project === undefined || person === undefined) return;
    if (!isQuiet(engine.clock.now(), installation.timeZone))
      await rooms.tell(project.room, toldLeft(id, line, person.id));
  };
  /** What was merged since the newest candidate of a line. */
  const showOffer = async (id: string): Promise<void> => {
    const { projects } = await opened.installation();
    const project = own(projects, partsOfLine(id).project);
    if (project === undefined) return;
    const offered = await offerOf(opened, project, id);
    if (offered !== undefined) await rooms.show(id, [wantedOffer(project.room, offered)]);
  };
  /** What a run has made of its line changes what the boards of other runs offer. */
  const tellLine = (run: string, { line }: RunFacts): void => {
    const id = lineOfRun(run);
    if (line === undefined || lines.get(id) === line.seq) return;
    lines.set(id, line.seq);
    for (const other of kept.keys()) if (other !== run && lineOfRun(other) === id) turns.ask(other);
  };
  const forget = async (run: string): Promise<void> => {
    if (isStopped) return;
    kept.get(run)?.callOff();
    kept.delete(run);
    rooms.forget(run);
    besides.forget(run);
    await index.remove('boards', run);
  };
  /** One that cannot be read holds no other up: who looks at its runs says what is wrong. */
  const lineNow = (id: string): Promise<LineState | undefined> =>
    engine.lines.load(id).catch(() => undefined);
  /** What people did may have gone into any journal: each is asked whether it has grown. */
  const around = openTurns(async () => {
    try {
      const { wanted, changed } = await roomLines.look();
      await rooms.show('lines', wanted);
      for (const run of kept.keys()) {
        const id = lineOfRun(run);
        const line = await lineNow(id);
        const isTouched = changed.includes(partsOfLine(id).project);
        if (isTouched || (line !== undefined && line.seq !== lines.get(id))) turns.ask(run);
      }
      // A line that was begun by hand has no run that could show it.
      for (const id of await index.list('lines')) {
        const line = await lineNow(id);
        if (line?.offer !== undefined && line.reached === undefined) await showOffer(id);
      }
    } catch (error) {
      warn('rooms were not told what has changed', error);
    }
  }, 1);
  const touchAll = (): void => around.ask('everything');
  opened.afterActs.add(touchAll);
  const begin = async (): Promise<void> => {
    try {
      const open = await index.list('runs');
      besides.wentOn(open);
      touchAll();
      for (const run of new Set([...open, ...(await index.list('boards'))])) turns.ask(run);
    } catch (error) {
      warn('rooms are not brought up to date', error);
    }
  };
  const begun = begin();
  return {
    touch(run) {
      if (run !== '') turns.ask(run);
    },
    touchAll,
    async settled() {
      await begun;
      // What the journals hold by now may not have been said to us yet.
      touchAll();
      for (const run of [...kept.keys(), ...(await index.list('runs'))]) turns.ask(run);
      do {
        await around.idle();
        await turns.idle();
        await besides.idle();
      } while (turns.isBusy() || around.isBusy());
      await rooms.settled();
    },
    async stop() {
      isStopped = true;
      opened.afterActs.delete(touchAll);
      around.stop();
      for (const { callOff } of kept.values()) callOff();
      turns.stop();
      rooms.stop();
    },
  };
}
