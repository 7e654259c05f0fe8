import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { readInstallation } from '../src/app/wire.js';
import { plainLines, terminalTongue } from '../src/chat/plain-text.js';
import { mergedFix, nothingToMerge } from '../src/chat/views/merged-fix.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { SlipwayError } from '../src/error.js';
import { makeSandbox } from '../src/sandbox/make-sandbox.js';
import { practiceOf } from '../src/sandbox/practice.js';
import { verbNames } from './environment.js';

/**
 * Where `slipway start` starts: in the installation of this folder; where there is none, and nothing names one, in a
 * practice project that is made here once.
 */
export async function environmentToStart(): Promise<Environment> {
  const environment = readEnvironment();
  const { practiceFolder, path } = environment;
  if (practiceFolder === undefined) return environment;
  const shown = relative(process.cwd(), practiceFolder);
  if (existsSync(environment.config)) {
    process.stdout.write(`No slipway.yaml here: the practice project in ${shown} goes on.\n`);
    return environment;
  }
  process.stdout.write(`No slipway.yaml here: a practice project is made in ${shown}.\n`);
  // Made aside: a folder that has its name is whole.
  const fresh = `${practiceFolder}-${randomUUID()}`;
  try {
    await makeSandbox(fresh, { path });
    await rename(fresh, practiceFolder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Somebody else made it at the same moment.
    if (!existsSync(readEnvironment().config)) throw error;
  }
  process.stdout.write('It is yours to break: delete the folder to begin anew.\n');
  return readEnvironment();
}

/** Merges the next fix of the practice project. @throws SlipwayError refused in any other installation */
export async function practice(json: boolean): Promise<number> {
  const environment = readEnvironment();
  const found = await practiceOf(await readInstallation(environment, verbNames), environment.path);
  if (found === undefined) {
    throw new SlipwayError('refused', 'This is no practice project. Nothing was merged.', {
      hint: 'slipway start makes one in a folder without slipway.yaml.',
    });
  }
  const merged = await found.merge();
  const message = merged === undefined ? nothingToMerge() : mergedFix(merged);
  process.stdout.write(
    json ? `${JSON.stringify(merged ?? null)}\n` : `${plainLines(message, terminalTongue).join('\n')}\n`,
  );
  return merged === undefined ? 1 : 0;
}
