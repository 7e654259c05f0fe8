import { shortDigest, shortSeal, type Sealed } from '../../release/canonical.js';
import type { GateState, RunState } from '../../release/run-state.js';
import type { Tally } from '../../release/votes.js';
import { instant, span } from './marks.js';
import { plain } from './plain.js';
import { builtFiles, shippedCommit } from './what-ships.js';

/**
 * The question of a gate: everything that the seal holds, who has voted, who can decide, when it ends. `now` in ms; else
 * the time of the last event, for who shows it right then.
 */
export function question(
  state: RunState,
  gate: GateState,
  sealed: Sealed,
  tally: Tally,
  now = state.at,
): string[] {
  const { project, version, run, by } = state.created;
  const votes = tally.counted.map((person) => person.name);
  const notCounted = tally.notCounted.map((vote) => `${vote.name} (${vote.because})`);
  const files = builtFiles(sealed).map(({ name, sha256 }) => `${plain(name)} ${shortDigest(sha256)}`);
  const can = tally.canDecide.map((person) => person.name);
  return [
    `Approve ${project} ${version}? ${tally.counted.length} of ${tally.need}, seal ${shortSeal(gate.seal)}`,
    `Ships: ${[...files, `commit ${shippedCommit(sealed).slice(0, 7)}`].join(', ')}`,
    `Differs from ${sealed.commit.slice(0, 7)}, which was tested: ${sealed.differs.length === 0 ? 'in nothing' : `in ${sealed.differs.map(plain).join(', ')} only`}`,
    `Branch: ${sealed.branch} at ${sealed.branchHead.slice(0, 7)}`,
    ...Object.entries(sealed.skips).map(([step, reason]) => `⏭️ ${step} · skipped: "${plain(reason)}"`),
    `Votes: ${votes.join(', ') || 'none yet'}${notCounted.length === 0 ? '' : `. Not counted: ${notCounted.join(', ')}`}`,
    ...(tally.need === 0 ? ['No rule of slipway.yaml speaks of this release: nobody can approve it.'] : []),
    `Can decide: ${can.join(', ') || 'nobody'}. ${plain(by.name)} asked for it.`,
    ...tally.missing.map((role) => `Must be among them: somebody with the role ${role}.`),
    ...(tally.holding.length === 0
      ? []
      : [
          `Held by ${tally.holding.map(({ name }) => name).join(', ')}: no vote opens it until that is lifted.`,
        ]),
    ...untilWhen(gate.expiresAt, now),
    ...(now < gate.expiresAt ? lastVote(tally) : []),
    `Next: slipway approve ${run} --seal ${shortSeal(gate.seal)} --as <person>, or slipway reject ${run} --seal ${shortSeal(gate.seal)} --reason "…" --as <person>`,
  ];
}

function untilWhen(expiresAt: number, now: number): string[] {
  return now < expiresAt
    ? [`Expires ${instant(expiresAt)}, in ${span(expiresAt - now)}; then nothing ships.`]
    : [`Expired ${instant(expiresAt)}: nothing ships. Start it again to ask anew.`];
}

/** Said before it happens: whose next approval publishes. */
function lastVote({ canDecide, canOpen }: Tally): string[] {
  if (canOpen.length === 0) return [];
  const who =
    canOpen.length === canDecide.length
      ? 'The next approval'
      : `An approval by ${canOpen.map((person) => person.name).join(' or ')}`;
  return [`⚠️ ${who} starts the publication at once.`];
}
