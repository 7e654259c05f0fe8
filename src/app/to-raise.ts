import { lineName } from '../release/line-state.js';
import { lineId } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import type { Project } from './installation.js';
import { nextMinor, nextTarget, raiseSentence, ruleOf } from './next-target.js';
import type { Opened } from './wire.js';

/** How long the remotes are waited for, in ms: what is said here is a help, and nothing hangs for it. */
const patienceMs = 3_000;

/** How many numbers in a row are tried for the next free one. */
const tries = 20;

/**
 * What default branches still say though their version is cut or released already, a sentence for each project. A remote
 * that does not answer in time is left out.
 */
export async function stillToRaise(opened: Opened): Promise<string[]> {
  const { projects } = await opened.installation();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  try {
    const asked = Object.values(projects).map((project) =>
      Promise.race([late, toRaise(opened, project).catch(() => undefined)]),
    );
    return (await Promise.all(asked)).filter((sentence) => sentence !== undefined);
  } finally {
    clearTimeout(timer);
  }
}

/** undefined: the branch says something new, or the version is kept in no file. */
async function toRaise(opened: Opened, { name, process }: Project): Promise<string | undefined> {
  if (typeof process.version.from === 'string') return undefined;
  const { target, branch, path } = await nextTarget(await opened.services.git(name), process);
  const isBegun = async (version: string): Promise<boolean> =>
    lineName(await opened.engine.lines.load(lineId(name, version))) !== 'none';
  if (!(await isBegun(target))) return undefined;
  const scheme = schemeOf(ruleOf(process));
  let next = nextMinor(scheme, target);
  for (let turn = 0; turn < tries && next !== '' && (await isBegun(next)); turn += 1)
    next = nextMinor(scheme, next);
  return `${name}: ${raiseSentence(branch, target, next, path)}`;
}
