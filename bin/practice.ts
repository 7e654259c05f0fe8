import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { z } from 'zod';
import type { Merged } from '../src/app/practice.js';
import { ask, socketPath } from '../src/app/socket.js';
import { dataFolder } from '../src/app/wire.js';
import { plainLines, terminalTongue } from '../src/chat/plain-text.js';
import { mergedFix } from '../src/chat/views/merged-fix.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { asSlipwayError, SlipwayError } from '../src/error.js';
import { makeSandbox } from '../src/sandbox/make-sandbox.js';
import { practiceOf } from '../src/sandbox/practice.js';
import { openReader } from './environment.js';

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
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    // Somebody else made it at the same moment.
    if (!existsSync(readEnvironment().config)) throw notMade(shown, error);
  }
  process.stdout.write('It is yours to break: delete the folder to begin anew.\n');
  return readEnvironment();
}

/** A folder that may not be written is no bug of ours. */
function notMade(shown: string, error: unknown): SlipwayError {
  const known = asSlipwayError(error);
  if (known.code !== 'internal') return known;
  return new SlipwayError('refused', `${shown} cannot be made: ${known.message}. Nothing was started.`, {
    hint: 'Start it in a folder of your own, or name an installation: SLIPWAY_CONFIG=<path of slipway.yaml>.',
    cause: error,
  });
}

/** What is asked of the owner for a fix: he offers it at once. */
export const practicePath = '/practice';

const Fixed = z.object({
  project: z.string(),
  branch: z.string(),
  isRelease: z.boolean(),
  commit: z.string(),
  subject: z.string(),
  author: z.string(),
});

/** Merges the next fix of the practice project. @throws SlipwayError refused in any other installation */
export async function practice(json: boolean): Promise<number> {
  const environment = readEnvironment();
  const merged = (await mergedByOwner(environment)) ?? (await mergedHere(environment));
  process.stdout.write(
    json ? `${JSON.stringify(merged)}\n` : `${plainLines(mergedFix(merged), terminalTongue).join('\n')}\n`,
  );
  return 0;
}

/** undefined: nobody runs here, or not with a workspace. */
async function mergedByOwner(environment: Environment): Promise<Merged | undefined> {
  try {
    const answer = await ask(socketPath(dataFolder(environment)), {}, practicePath);
    return answer === undefined ? undefined : Fixed.parse(answer);
  } catch (error) {
    if (asSlipwayError(error).code === 'not-found') return undefined;
    throw error;
  }
}

async function mergedHere(environment: Environment): Promise<Merged> {
  const found = await practiceOf(await openReader(environment), environment.path);
  if (found !== undefined) return found.merge();
  throw new SlipwayError('refused', 'This is no practice project. Nothing was merged.', {
    hint: 'slipway start makes one in a folder without slipway.yaml.',
  });
}
