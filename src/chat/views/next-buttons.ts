import { lineName, stemOf, type LineState } from '../../release/line-state.js';
import { own } from '../../release/own.js';
import type { Button } from '../message.js';
import { clip } from './fit.js';
import type { RunFacts } from './run-facts.js';
import { shortVersion } from './run-words.js';
import { startButton } from './start-button.js';

type Facts = Pick<RunFacts, 'state' | 'operations' | 'asks' | 'line'>;

/** The name of the next candidate of a line: `rc2`; '' where its names have no number yet. */
export function nextCandidate(line: LineState | undefined, target: string): string {
  if (line === undefined || line.candidate === 0) return '';
  const stem = stemOf(line.version);
  if (stem === line.version || stem === '') return '';
  return shortVersion(`${stem}${(own(line.given, stem) ?? line.candidate) + 1}`, target);
}

/** [Promote…]: it starts at once, and asks before anything is published. */
export function promoteButton(facts: Facts): Button[] {
  const { project, target } = facts.state.created;
  const operation = facts.operations.publish;
  if (operation === undefined) return [];
  const about = `Promote ${project} ${target}`;
  return [
    startButton(facts, {
      id: 'promote',
      label: 'Promote…',
      about: clip(about, 75),
      operation,
      version: target,
      style: 'primary',
      confirm: {
        title: `${about}?`,
        text: 'What ships is built first. Approval is asked before anything is published.',
        yes: 'Promote',
        no: 'Not yet',
      },
    }),
  ];
}

/** [Make rc2]: the operation that makes the next candidate. */
export function candidateButton(facts: Facts, style?: 'primary'): Button[] {
  const { project, target } = facts.state.created;
  const operation = facts.operations.change;
  if (operation === undefined) return [];
  const next = nextCandidate(facts.line, target);
  const what = next === '' ? 'a candidate' : next;
  return [
    startButton(facts, {
      id: 'next-candidate',
      label: `Make ${what}`,
      about: `Make ${what} of ${project} ${target}`,
      operation,
      version: target,
      ...(style && { style }),
    }),
  ];
}

/** [Abandon 0.44.0]!: gives the line up. */
export function abandonButton(facts: Facts): Button[] {
  const { project, target } = facts.state.created;
  const operation = facts.operations.end;
  if (operation === undefined || facts.line === undefined) return [];
  return [
    startButton(facts, {
      id: 'abandon',
      label: `Abandon ${target}`,
      about: `Abandon ${project} ${target}`,
      operation,
      version: target,
      style: 'danger',
      confirm: {
        title: `Abandon ${target}?`,
        text: 'Branch and commits stay. The number is not used again.',
        yes: 'Abandon',
        no: 'Keep it',
      },
    }),
  ];
}

/** Whether the line stands open with a candidate, and nothing is on its way. */
export function isOpenLine(line: LineState | undefined): boolean {
  return lineName(line) === 'open' && line?.publish === undefined;
}
