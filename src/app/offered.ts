import type { OfferFacts } from '../chat/views/fixup-offer.js';
import { listIn } from '../process/effects.js';
import { stemOf, type LineOffer, type LineState } from '../release/line-state.js';
import { own } from '../release/own.js';
import { partsOfLine } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import { ruleOf } from './next-target.js';
import type { Project } from './installation.js';
import { changeOf } from './offers.js';
import type { Opened } from './wire.js';

/** What is offered of a line, or was until it was answered. */
export interface Offered {
  /** Id of the line. */
  line: string;
  /** The run that made the candidate; undefined: it was made by hand. */
  after: string | undefined;
  offer: LineOffer;
  /** Somebody may take it up now: neither answered nor set aside, and there are changes. */
  isOpen: boolean;
  facts: OfferFacts;
}

/** The newest offer of a line; undefined: nothing was ever offered. */
export async function offerOf(opened: Opened, project: Project, line: string): Promise<Offered | undefined> {
  const state = await opened.engine.lines.load(line);
  if (state?.offer === undefined) return undefined;
  const { offer } = state;
  return offeredOn(project, line, state, offer, await madeBy(opened, offer));
}

/** The version of the run that took it up, which the line has forgotten when it goes on; '' where there is none. */
async function madeBy({ engine }: Opened, { answered }: LineOffer): Promise<string> {
  if (answered === undefined) return '';
  return (await engine.runs.load(answered.run))?.created.version ?? '';
}

function offeredOn(
  project: Project,
  line: string,
  state: LineState,
  offer: LineOffer,
  made: string,
): Offered {
  const { target } = partsOfLine(line);
  const change = changeOf(project);
  const { answered } = offer;
  // Who gave the line up has set the offer aside as well, and nothing takes it up any more.
  const kind = answered === undefined ? undefined : own(project.process.operations, answered.operation)?.kind;
  const isGivenUp = kind === 'end';
  const facts: OfferFacts = {
    project: project.name,
    line: target,
    candidate: offer.candidate,
    next: nextCandidate(project, state, target, offer.candidate),
    head: offer.head,
    count: offer.count,
    commits: offer.commits.map(({ commit, subject, author }) => ({ sha: commit, subject, author })),
    operation: isGivenUp ? undefined : change,
    moves: change === undefined ? [] : movedBy(project, change),
    setAside: isGivenUp ? answered : offer.aside,
    made: kind === 'change' ? made : '',
  };
  const isOpen = answered === undefined && offer.aside === undefined && offer.count > 0;
  return { line, after: state.reached, offer, isOpen, facts };
}

/** The candidate that comes after one, if nobody has tagged it by hand. */
function nextCandidate({ process }: Project, { given }: LineState, target: string, after: string): string {
  const scheme = schemeOf(ruleOf(process));
  const name = scheme.parse(after)?.candidate?.name;
  if (name === undefined) return '';
  return scheme.candidate(target, name, (own(given, stemOf(after)) ?? 0) + 1).text;
}

function movedBy({ process }: Project, operation: string): string[] {
  return (own(process.operations, operation)?.steps ?? [])
    .filter(({ kind }) => kind === 'channel')
    .flatMap(({ settings }) => listIn(settings, 'move'));
}
