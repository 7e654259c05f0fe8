import { SlipwayError } from '../error.js';
import type { Process } from '../process/process-file.js';
import { schemeRuleOf } from '../process/version-rule.js';
import { readVersion } from '../process/version-file.js';
import { exampleOf } from '../release/versions/example.js';
import { schemeOf } from '../release/versions/index.js';
import type { Scheme, SchemeRule, Version } from '../release/versions/scheme.js';
import type { Git } from '../services/git/git.js';

/** How a process spells its versions. */
export function ruleOf({ version }: Process): SchemeRule {
  return schemeRuleOf(version);
}

/** The file that the version is read from, for people; '' where it is none. */
export function versionPath({ version: { from } }: Process): string {
  return typeof from === 'string' ? '' : from.path;
}

/** What the version file says at a commit. @throws SlipwayError config-invalid */
export async function versionAt(
  git: Git,
  process: Process,
  commit: string,
  where: string,
): Promise<{ path: string; version: Version }> {
  await git.fetch([commit]);
  const place = process.version.from;
  if (typeof place === 'string') {
    throw new SlipwayError('config-invalid', `${process.name} keeps its version in no file.`, {
      hint: 'Nothing was started. Name the version.',
    });
  }
  const { path } = place;
  const bytes = await git.readFile(commit, path);
  if (bytes === undefined) {
    throw new SlipwayError('config-invalid', `${path} does not exist on ${where} at ${commit.slice(0, 7)}.`, {
      hint: 'Nothing was started. The process names it in version.from.',
    });
  }
  const text = readVersion(place, bytes);
  const version = schemeOf(ruleOf(process)).parse(text);
  if (version !== undefined) return { path, version };
  throw new SlipwayError(
    'config-invalid',
    `${path}: "${text}" is no version of the scheme ${process.version.scheme}.`,
    {
      hint: `Nothing was started. Write it as ${exampleOf(ruleOf(process))}.`,
    },
  );
}

/** The version file on the default branch, and the line that a cut of it makes. @throws SlipwayError config-invalid */
export async function nextTarget(
  git: Git,
  process: Process,
): Promise<{ commit: string; target: string; branch: string; path: string }> {
  const { commit, name } = await git.defaultBranch();
  const { path, version } = await versionAt(git, process, commit, name);
  return { commit, target: version.line, branch: name, path };
}

/** The line that a cut would make after a target, as a proposal; '' where the scheme has none. */
export function nextMinor(scheme: Scheme, target: string): string {
  const version = scheme.parse(target);
  return version === undefined ? '' : (scheme.next('minor', version, new Date())?.text ?? '');
}

/** The next line after a target that is none of those `taken`, compared as versions; '' where the scheme has none. */
export function nextFree(scheme: Scheme, target: string, taken: readonly string[]): string {
  const used = taken.flatMap((one) => scheme.parse(one) ?? []);
  let next = nextMinor(scheme, target);
  for (let turn = 0; turn <= used.length && next !== ''; turn += 1) {
    const version = scheme.parse(next);
    if (version === undefined || !used.some((one) => scheme.compare(one, version) === 0)) return next;
    next = nextMinor(scheme, next);
  }
  return next;
}

/** `main still says 0.44.0: raise it to 0.45.0 in pyproject.toml.` `next`: '' where nobody can say it. */
export function raiseSentence(branch: string, target: string, next: string, path: string): string {
  return `${branch} still says ${target}: raise it${next === '' ? '' : ` to ${next}`} in ${path}.`;
}
