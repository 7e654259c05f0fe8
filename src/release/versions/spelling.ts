import { writtenIn } from './places.js';
import type { Candidate, Place, Written } from './scheme.js';
import type { Parts } from './grammar.js';

const shortNames: Record<string, string> = { alpha: 'a', beta: 'b' };

/** `a1`, `b2`, `rc3`: how PEP 440 writes a candidate. */
export function pythonSuffix({ name, number }: Candidate): string {
  return `${shortNames[name] ?? name}${number}`;
}

/** `-alpha.1`, `-rc.3`: how SemVer writes a candidate, so that ten comes after nine. */
export function semverSuffix({ name, number }: Candidate): string {
  return `-${name}.${number}`;
}

/**
 * Numbers and candidate as a place wants them: PyPI in the normal form of PEP 440, Helm and npm as SemVer with exactly
 * three numbers, everything else as it is.
 */
export function writeParts({ numbers, candidate }: Parts, text: string, place: Place): Written {
  if (place === 'pypi')
    return writtenIn(place, numbers.join('.') + (candidate === undefined ? '' : pythonSuffix(candidate)));
  if (place !== 'helm' && place !== 'npm') return writtenIn(place, text);
  if (numbers.length > 3) return { problem: `${text} has ${numbers.length} numbers, and SemVer has three.` };
  const three = [0, 1, 2].map((at) => numbers[at] ?? 0).join('.');
  return writtenIn(place, three + (candidate === undefined ? '' : semverSuffix(candidate)));
}
