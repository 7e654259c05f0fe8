import type { Locator, YamlText } from './position.js';
import type { Path } from './problems.js';

/** Where something was written. */
export interface Place {
  yaml: YamlText;
  path: Path;
}

/** A value with where it was written. */
export interface Written {
  value: unknown;
  at: Place;
}

/** A step that is not read yet. A change may have replaced its keys, so each knows where it was written. */
export interface RawStep {
  keys: ReadonlyMap<string, Written>;
  /** The step itself, or the change that made it. */
  at: Place;
  /** The id of its include; '' where that has none. */
  prefix: string;
  /** `runs-on` of its include. */
  runsOn: Written | undefined;
  /** It comes from a part or another operation. */
  included: boolean;
  together: boolean;
  /** Which file of the chain it was written in, the deepest first: a change touches only what was there before it. */
  level: number;
}

/** Steps that run side by side. */
export interface RawStage {
  steps: RawStep[];
  atOnce: number | undefined;
}

/** The keys that say which form a step has. */
export const stepForms = ['uses', 'run', 'shell', 'include', 'together'] as const;

/** Whether a value is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A place deeper in a value. */
export function below({ yaml, path }: Place, ...keys: (string | number)[]): Place {
  return { yaml, path: [...path, ...keys] };
}

/** The keys of a map as they were written at a place. */
export function writtenKeys(map: Record<string, unknown>, at: Place): Map<string, Written> {
  return new Map(Object.entries(map).map(([key, value]) => [key, { value, at: below(at, key) }]));
}

/** The id of a step without that of its include; undefined where it has none and needs one. */
export function ownId({ keys }: RawStep): string | undefined {
  const id = keys.get('id')?.value ?? keys.get('uses')?.value;
  return typeof id === 'string' ? id : undefined;
}

/** The id of a step in its operation. */
export function fullId(step: RawStep): string | undefined {
  const id = ownId(step);
  return id === undefined || step.prefix === '' ? id : `${step.prefix}.${id}`;
}

/** Tells what is wrong in a step at the place where the key that it is about was written. */
export function locatorOf({ keys, at }: Pick<RawStep, 'keys' | 'at'>): Locator {
  return {
    problem(path, message, where) {
      const [first, ...rest] = path;
      const written = typeof first === 'string' ? keys.get(first) : undefined;
      return written === undefined
        ? at.yaml.problem(at.path, message)
        : written.at.yaml.problem([...written.at.path, ...rest], message, where);
    },
  };
}
