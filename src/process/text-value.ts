/** Where the characters of a text value stand in a file, its quotes excluded. */
export interface TextValue {
  start: number;
  end: number;
}

/** Why a value cannot be read or replaced, and where (an offset). */
export interface Refusal {
  offset: number;
  message: string;
  /** The value stands in another file, which the message has to name. */
  inherited?: true;
}

/** The one of several finds; two keys of the same name have no meaning that we could choose. */
export function onlyOne(finds: (TextValue | Refusal)[], key: string): TextValue | Refusal {
  const [first, second] = finds;
  if (first === undefined) return { offset: 0, message: `there is no key ${key}` };
  if (second === undefined) return first;
  const offset = 'offset' in second ? second.offset : second.start;
  return { offset, message: `the key ${key} is written twice` };
}
