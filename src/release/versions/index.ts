import { pep440 } from './pep440.js';
import type { Scheme, SchemeRule } from './scheme.js';

/** The scheme that a rule declares. */
export function schemeOf(rule: SchemeRule): Scheme {
  return pep440(rule);
}
