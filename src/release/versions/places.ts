import semver from 'semver';
import type { Place, Written } from './scheme.js';

const grammars: Record<Place, { accepts: (text: string) => boolean; sentence: string }> = {
  tag: {
    // What git takes as a part of a ref (git check-ref-format), narrowed to what is safe as a word.
    accepts: (text) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text) && !text.includes('..') && !/(?:\.|\.lock)$/.test(text),
    sentence: 'is no part of a tag: letters, digits and . _ -, at most 200',
  },
  pypi: {
    // The normal form of PEP 440; PyPI would write any other one differently.
    accepts: (text) =>
      text.length <= 200 && /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*(?:(?:a|b|rc)(?:0|[1-9]\d*))?$/.test(text),
    sentence: 'is no version of PEP 440 in its normal form',
  },
  docker: {
    accepts: (text) => /^\w[\w.-]{0,127}$/.test(text),
    sentence: 'is no tag of an image: letters, digits and _ . -, at most 128, and no . or - first',
  },
  // A registry of charts keeps versions as tags of images, which have no +.
  helm: {
    accepts: (text) => text.length <= 128 && isSemver(text),
    sentence: 'is not SemVer 2 without build',
  },
  npm: { accepts: isSemver, sentence: 'is not SemVer 2 without build' },
};

function isSemver(text: string): boolean {
  return text.length <= 256 && semver.valid(text) === text;
}

/** Why a text cannot be a version in a place, as the end of a sentence; undefined: it can. */
export function placeProblem(text: string, place: Place): string | undefined {
  const { accepts, sentence } = grammars[place];
  return accepts(text) ? undefined : sentence;
}

/** A text that stands for a version in a place, checked against what that place takes. */
export function writtenIn(place: Place, text: string): Written {
  const problem = placeProblem(text, place);
  return problem === undefined ? { text } : { problem: `${JSON.stringify(text)} ${problem}.` };
}
