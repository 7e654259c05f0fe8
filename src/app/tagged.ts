import type { Process } from '../process/process-file.js';
import type { Scheme, Version } from '../release/versions/scheme.js';
import { versionOfTag } from '../release/versions/tags.js';
import type { Git } from '../services/git/git.js';

/** A tag of the remote that stands for a version of the process. */
export interface Tagged {
  /** Short name. */
  tag: string;
  commit: string;
  version: Version;
}

/** The versions that the remote's tags stand for, read by the process's own template; every other tag is left out. */
export async function taggedVersions(
  git: Git,
  process: Process,
  scheme: Scheme,
  project: string,
): Promise<Tagged[]> {
  const template = process.version.tag.replaceAll('{project}', project);
  const prefix = template.slice(0, Math.max(0, template.indexOf('{')));
  return (await git.tags(prefix)).flatMap(({ name, commit }) => {
    const version = versionOfTag(template, name, scheme);
    return version === undefined ? [] : [{ tag: name, commit, version }];
  });
}

/** The tag that stands for a version, however its release is written: 0.44 and 0.44.0 are one. */
export function tagOfVersion(tags: readonly Tagged[], scheme: Scheme, text: string): Tagged | undefined {
  const version = scheme.parse(text);
  return version === undefined ? undefined : tags.find((one) => scheme.compare(one.version, version) === 0);
}
