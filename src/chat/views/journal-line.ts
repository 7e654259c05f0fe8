import { shortDigest, shortSeal } from '../../release/canonical.js';
import type { RunEvent } from '../../release/run-events.js';
import { instant } from './marks.js';
import { plain } from './plain.js';

/**
 * One event of a run's journal for people: who did it (a person, a worker, or the bot itself), and one sentence.
 * `called`: what people call the step of that id.
 */
export function journalLine(event: RunEvent, called: (step: string) => string): { by: string; what: string } {
  return { by: byOf(event), what: whatOf(event, called) };
}

function byOf(event: RunEvent): string {
  if (event.type === 'step.claimed') return plain(event.worker);
  if (!('by' in event) || event.by === undefined) return 'Slipway';
  const all = Array.isArray(event.by) ? event.by : [event.by];
  return all.map(({ name }) => plain(name)).join(', ') || 'Slipway';
}

function whatOf(event: RunEvent, called: (step: string) => string): string {
  if ('seal' in event) return gateWords(event);
  switch (event.type) {
    case 'run.created': {
      const { project, version, operation, commit, plan, because } = event;
      const exception = because === undefined ? '' : ` An exception, ${plain(because)}.`;
      return `Asked for ${plain(operation)} of ${plain(project)} ${plain(version)} at ${commit.slice(0, 7)}, plan ${shortSeal(plan)}.${exception}`;
    }
    case 'run.paused':
      return `Paused: ${said(event.reason)}. Nothing new starts.`;
    case 'run.resumed':
      return 'Resumed: it goes on.';
    case 'run.cancelled':
      return event.boundary
        ? 'Cancelled: what runs may end, nothing new starts.'
        : 'Cancelled: commands are stopped, nothing new starts.';
    case 'run.committed':
      return 'Took the release line: nothing supersedes this run any more.';
    case 'run.finished':
      return `Ended: ${event.outcome}${event.reason === '' ? '' : `, ${plain(event.reason)}`}.`;
    default:
      return `${called(event.step)}: ${stepWords(event)}`;
  }
}

type GateEvent = Extract<RunEvent, { seal: string }>;

function gateWords(event: GateEvent): string {
  const seal = `seal ${shortSeal(event.seal)}`;
  switch (event.type) {
    case 'gate.opened': {
      const need = `${event.need} ${event.need === 1 ? 'approval is' : 'approvals are'} needed`;
      return `Asked for approval of ${seal}: ${need}, until ${instant(event.expiresAt)}.`;
    }
    case 'vote.cast':
      return `Approved ${seal}.`;
    case 'vote.withdrawn':
      return `Withdrew the vote for ${seal}.`;
    case 'gate.decided': {
      const reason = event.reason === '' ? '' : `: ${said(event.reason)}`;
      const nothing = event.outcome === 'approved' ? '' : ' Nothing ships.';
      return `Decided ${seal}: ${event.outcome}${reason}.${nothing}`;
    }
    case 'gate.held':
      return `Holds ${seal}: while somebody does, no vote opens the gate.`;
    case 'gate.unheld':
      return `Holds ${seal} no longer.`;
    case 'gate.reminded':
      return `Reminded those who can decide ${seal}, after ${event.share} % of its time.`;
    case 'gate.voided':
      return `Void: ${seal} holds no more, ${plain(event.changed)}. Its votes count for nothing.`;
  }
}

type StepEvent = Exclude<Extract<RunEvent, { step: string }>, GateEvent>;

function stepWords(event: StepEvent): string {
  switch (event.type) {
    case 'step.claimed':
      return `attempt ${event.attempt} began.`;
    case 'step.intent':
      return `is sent now: ${plain(event.key)}. From here on it may exist.`;
    case 'step.done': {
      const there = event.adopted ? ' It was there already, the same.' : '';
      const outputs = event.outputs === '' ? '' : ` Outputs ${shortDigest(event.outputs)}.`;
      return `done${event.proof === '' ? '' : `, read back: ${plain(event.proof)}`}.${there}${outputs}`;
    }
    case 'step.failed': {
      const next = event.retryAt === 0 ? 'A person decides.' : `Tried again ${instant(event.retryAt)}.`;
      const sent = event.sent ? ' It may have been made.' : ' Nothing was sent.';
      return `failed: ${plain(event.message)}${sent} ${next}`;
    }
    case 'step.waiting':
      return `waits for ${plain(event.for)}, looked at again ${instant(event.checkAt)}.`;
    case 'step.unknown':
      return `outcome unknown: ${plain(event.question)}`;
    case 'step.interrupted':
      return `interrupted${event.sent ? '; what was sent is looked up' : ', nothing was sent'}.`;
    case 'step.skipped': {
      const second = event.second === undefined ? '' : `, second ${plain(event.second.name)}`;
      return `skipped: ${said(event.reason)}${second}.`;
    }
    case 'step.retried':
      return 'tried again.';
    case 'step.answered':
      return event.answer === 'made'
        ? 'answered: it was made.'
        : 'answered: it was not made, so it is made again.';
    case 'step.settled':
      return event.removed === 0
        ? 'looked for twins of its message: none.'
        : `looked for twins of its message: ${event.removed} removed.`;
  }
}

/** A reason in quotes; the bot's own are words. */
function said(reason: string): string {
  return `"${plain(reason)}"`;
}
