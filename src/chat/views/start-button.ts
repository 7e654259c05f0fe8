import { own } from '../../release/own.js';
import { line, opens, says } from '../compose.js';
import { inputField } from '../inputs.js';
import type { Button, Confirm, Field } from '../message.js';
import { clip } from './fit.js';
import type { RunFacts } from './run-facts.js';

/** A button that starts an operation of the process. */
interface Start {
  id: string;
  /** Without the dots of a form. */
  label: string;
  about: string;
  operation: string;
  /** What stands behind the operation: the release line. */
  version: string;
  style?: 'primary' | 'danger';
  /** What happens then; without one it is asked nothing. */
  confirm?: Confirm;
}

/** Asks for the inputs that the operation cannot be started without, and else only whether it is meant. */
export function startButton(facts: Pick<RunFacts, 'asks' | 'state'>, start: Start): Button {
  const { id, about, operation, version, style, confirm } = start;
  const say = { verb: 'release', args: { operation, version, project: facts.state.created.project } };
  const look = { about, ...(style && { style }) };
  const asks = own(facts.asks, operation) ?? [];
  if (asks.length === 0)
    return says(id, clip(start.label, 24), say, { ...look, ...(confirm && { confirm }) });
  const fields = asks.slice(0, 5).map(({ input, about: label }): Field => ({
    is: 'text',
    name: inputField(input),
    label: clip(label, 45),
    hint: '',
    required: true,
    value: '',
    long: false,
  }));
  const label = start.label.endsWith('…') ? start.label : `${clip(start.label, 23)}…`;
  return opens(
    id,
    label,
    {
      title: confirm?.title ?? about,
      about: confirm === undefined ? [] : [line(confirm.text)],
      fields,
      submit: confirm?.yes ?? start.label.replace(/…$/, ''),
      close: confirm?.no ?? 'Not now',
      say,
    },
    look,
  );
}
