/**
 * An input of an operation in a form: the verb takes all of them as one argument, so each field has a name of its own
 * until the form is sent.
 */

const mark = 'input:';

/** The name of the field that asks for an input. */
export const inputField = (input: string): string => `${mark}${input}`;

/** What a form said, with its inputs as the one argument that the verb takes: `name=value` a line. */
export function withInputs(args: Record<string, string>): Record<string, string> {
  const all = Object.entries(args);
  const inputs = all
    .filter(([name, value]) => name.startsWith(mark) && value !== '')
    .map(([name, value]) => `${name.slice(mark.length)}=${value.replaceAll(/[\r\n]+/g, ' ')}`);
  const others = Object.fromEntries(all.filter(([name]) => !name.startsWith(mark)));
  if (inputs.length === 0) return others;
  const { input = '' } = others;
  return { ...others, input: [...(input === '' ? [] : [input]), ...inputs].join('\n') };
}
