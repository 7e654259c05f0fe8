import { plain } from '../chat/views/plain.js';
import { asSlipwayError, SlipwayError } from '../error.js';
import { canonical, sha256 } from '../release/canonical.js';
import { Act } from './act.js';
import { openInbox, type Inbox, type Received } from './inbox.js';
import type { Reply, Verb } from './verb.js';
import type { Opened } from './wire.js';

export { Act } from './act.js';

/** How long an act may take to be recorded before it counts as not confirmed, in ms. */
const recordMs = 2_000;
/** An act that was recorded and not answered is done after a restart only if it is younger than this, in ms. */
const forgetMs = 15 * 60_000;

const keyOf = (request: string): string => sha256(request).slice(0, 40);

/**
 * What was said, as it came in: recorded, then answered. What is no act is answered without a record, and so is who only
 * looks: nothing happens because of it, and its answer may be as long as a log.
 */
export async function hear(opened: Opened, verbs: readonly Verb[], body: unknown): Promise<Reply> {
  let act: Act;
  try {
    act = readAct(body);
  } catch (error) {
    return replyOf(asSlipwayError(error));
  }
  if (verbs.find(({ name }) => name === act.verb)?.acts === false) return perform(opened, verbs, act);
  return answer(opened, verbs, await receive(opened, act), act);
}

/**
 * Reads an act as it came in. What is too long, or no act at all, is refused before anything is recorded.
 * @throws SlipwayError command-invalid
 */
function readAct(body: unknown): Act {
  const parsed = Act.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  throw new SlipwayError(
    'command-invalid',
    `${where || 'The command'}: ${issue?.message ?? 'is not understood'}.`,
    {
      hint: 'Nothing was started.',
    },
  );
}

/**
 * Records an act durably; returns its key. The record is what "received" means: from here on the act survives a crash.
 * @throws SlipwayError journal-unreachable "Not confirmed" when the journal did not answer in 2 s
 */
export async function receive(opened: Opened, act: Act): Promise<string> {
  const { records, keys, clock } = opened.engine;
  const key = keyOf(act.request);
  const late = new SlipwayError('journal-unreachable', 'Not confirmed: the journal did not answer.', {
    hint: 'It may still start; look with slipway status before you ask again.',
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(late), recordMs);
  });
  try {
    await Promise.race([openInbox(records, keys).receive(key, act, clock.now()), timeout]);
  } finally {
    clearTimeout(timer);
  }
  return key;
}

/** Acts that this process is doing right now: delivered again, an act waits for its own answer. */
const doing = new Map<string, Promise<Reply>>();

/**
 * Answers a recorded act: finds the verb, runs it, keeps the answer. Delivered again, it gives the answer that was
 * given. An error is an answer too; it says what did not happen. `said` is what was delivered now: another act under
 * the same request is refused.
 */
export async function answer(
  opened: Opened,
  verbs: readonly Verb[],
  key: string,
  said?: Act,
): Promise<Reply> {
  const inbox = openInbox(opened.records, opened.engine.keys);
  const found = await inbox.find(key);
  if (found === undefined) throw new SlipwayError('not-found', 'That act was never recorded.');
  const recorded = 'reply' in found ? found.act : found.received.act;
  if (said !== undefined && canonical(said) !== canonical(recorded)) {
    return replyOf(
      new SlipwayError('refused', 'Something else was said under this request before.', {
        hint: 'Nothing was done.',
      }),
    );
  }
  if ('reply' in found) {
    await inbox.close(key);
    return found.reply;
  }
  const id = `${opened.engine.worker} ${key}`;
  const running =
    doing.get(id) ?? act(opened, verbs, inbox, key, found.received).finally(() => doing.delete(id));
  doing.set(id, running);
  return running;
}

async function act(
  opened: Opened,
  verbs: readonly Verb[],
  inbox: Inbox,
  key: string,
  received: Received,
): Promise<Reply> {
  const reply = await perform(opened, verbs, received.act);
  for (const call of opened.afterActs) call();
  await inbox.answer(key, received, reply);
  await inbox.close(key);
  return reply;
}

/** Runs a verb; every failure becomes a reply with a text for people and exit code 1 or 2, except what may pass by itself. */
export async function perform(opened: Opened, verbs: readonly Verb[], act: Act): Promise<Reply> {
  try {
    const verb = verbs.find((one) => one.name === act.verb);
    if (verb === undefined)
      throw new SlipwayError('command-invalid', `"${act.verb}" is not a command.`, {
        hint: 'Nothing was started. slipway --help lists them.',
      });
    const reply = await verb.run({ opened, by: act.by, request: act.request, place: act.place }, act.args);
    return { ...reply, lines: reply.lines.map(plain) };
  } catch (error) {
    const known = asSlipwayError(error);
    if (known.code === 'internal') opened.engine.warn(`${act.verb} failed`, error);
    return replyOf(known);
  }
}

/** An error as an answer. */
export function replyOf(error: SlipwayError): Reply {
  const { code, message, hint } = error;
  // Of the loader's problems each has a line of its own; elsewhere a line break is somebody else's text.
  const said = code === 'config-invalid' ? message.split('\n') : [message];
  const lines = [...said, ...(hint === '' ? [] : [hint])].map(plain);
  return {
    lines,
    data: { error: { code, message, hint } },
    exit: code === 'command-invalid' || code === 'config-invalid' ? 2 : 1,
  };
}

/**
 * After a start, before anything else runs: what was recorded and not answered before the crash. Only a start is done
 * now (and a stop of everything): its line knows the request, so it is never done twice. Whether anything else was done nobody can tell, and done
 * again it could hit something that nobody has looked at; it is dropped, and said.
 */
export async function answerLeftovers(opened: Opened, verbs: readonly Verb[]): Promise<void> {
  const inbox = openInbox(opened.records, opened.engine.keys);
  for (const key of await inbox.open()) {
    const received = await leftover(inbox, key);
    if (received === 'answered' || (received !== undefined && isToBeDone(opened, key, received))) {
      await answer(opened, verbs, key);
      continue;
    }
    const what = received === undefined ? `the act ${key}` : `"${received.act.verb}"`;
    const why =
      received === undefined
        ? 'cannot be read or believed'
        : 'was not answered before the bot stopped, and is not done again';
    const text = `${what} ${why}; look with slipway status`;
    opened.engine.warn(text);
    if (received !== undefined)
      await inbox.answer(key, received, replyOf(new SlipwayError('refused', `${text}.`)));
    await inbox.close(key);
  }
}

function isToBeDone(opened: Opened, key: string, received: Received): boolean {
  // To stop everything again does no harm, and who said it may have seen no answer.
  const isSafe = received.act.verb === 'release' || received.act.verb === 'stop-everything';
  return isSafe && keyOf(received.act.request) === key && isYoung(opened, received);
}

function isYoung(opened: Opened, { at }: Received): boolean {
  const age = opened.engine.clock.now() - at;
  return age >= 0 && age <= forgetMs;
}

/** undefined: it is missing or damaged. One such record must not keep the bot from starting. */
async function leftover(inbox: Inbox, key: string): Promise<Received | 'answered' | undefined> {
  try {
    const found = await inbox.find(key);
    return found !== undefined && 'reply' in found ? 'answered' : found?.received;
  } catch (error) {
    if (asSlipwayError(error).retryable) throw error;
    return undefined;
  }
}
