import { openIndex } from '../engine/open-index.js';
import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { lineId, partsOfLine } from '../release/run-id.js';
import type { Project } from './installation.js';
import { offerOf, type Offered } from './offered.js';
import type { Opened } from './wire.js';

/**
 * Records "not now" to the offer of a line: the named one, else the only one that is offered. Said twice, the first word
 * stands. `head`: the branch head that was read; another one has more in it, and is asked about anew.
 * @throws SlipwayError not-found | command-invalid | refused
 */
export async function setAside(
  opened: Opened,
  project: Project,
  ask: { line: string | undefined; head: string | undefined; by: Actor },
): Promise<{ target: string; operation: string }> {
  const { line, offer, facts } = await meant(opened, project, ask.line);
  if (ask.head !== undefined && !offer.head.startsWith(ask.head)) throw moved(project, facts.line);
  const { state } = await opened.engine.lines.update(line, (now) => {
    const open = now?.offer;
    const isOver = open === undefined || open.head !== offer.head || open.answered !== undefined;
    return isOver || open.aside !== undefined
      ? undefined
      : { type: 'line.set-aside', head: offer.head, by: ask.by };
  });
  if (state?.offer?.aside === undefined) throw moved(project, facts.line);
  return { target: facts.line, operation: facts.operation ?? '' };
}

function moved({ name }: Project, line: string): SlipwayError {
  return new SlipwayError('refused', `${name} ${line} has moved on since that was offered.`, {
    hint: 'Nothing was set aside. Read the offer again.',
  });
}

async function meant(opened: Opened, project: Project, target: string | undefined): Promise<Offered> {
  const ids = await openIndex(opened.records).list('lines');
  const own = ids.filter((id) => partsOfLine(id).project === project.name);
  const asked = target === undefined ? own : own.filter((id) => id === lineId(project.name, target));
  const found = (await Promise.all(asked.map((id) => offerOf(opened, project, id)))).flatMap((one) =>
    one !== undefined && one.offer.count > 0 && one.offer.answered === undefined ? [one] : [],
  );
  const [only] = found;
  if (only === undefined) {
    throw new SlipwayError('not-found', `Nothing is offered of ${project.name}.`, {
      hint: 'Nothing was changed.',
    });
  }
  if (found.length > 1) {
    throw new SlipwayError('command-invalid', 'Several lines have an offer.', {
      hint: `Nothing was changed. Name one: ${found.map(({ facts }) => facts.line).join(', ')}.`,
    });
  }
  return only;
}
