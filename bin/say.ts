import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { perform } from '../src/app/dispatch.js';
import { ask, socketPath } from '../src/app/socket.js';
import type { Reply, Verb } from '../src/app/verb.js';
import { dataFolder, readInstallation } from '../src/app/wire.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { SlipwayError } from '../src/error.js';
import { verbs } from '../commands/index.js';
import { openReader, verbNames } from './environment.js';
import { followRun, printReply } from './output.js';

const Answer: z.ZodType<Reply> = z.object({
  lines: z.array(z.string()),
  data: z.json(),
  exit: z.number(),
  follow: z.string().optional(),
});

/** What was said on the command line. */
export interface Said {
  verb: Verb;
  args: Record<string, string>;
  /** Person of a sandbox project. */
  as: string | undefined;
  json: boolean;
  /** Do not stay to watch. */
  detach: boolean;
}

/** Says a verb: reads answer from the journal here, acts go to the owner. Returns the exit code. */
export async function say({ verb, args, as, json, detach }: Said): Promise<number> {
  const environment = readEnvironment();
  const request = randomUUID();
  const reply = verb.acts
    ? await act(environment, { verb: verb.name, args, as, request })
    : await read(environment, verb, args, request);
  printReply(reply, json);
  if (reply.follow === undefined || json || detach) return reply.exit;
  return followRun(await openReader(environment), reply.follow);
}

async function read(
  environment: Environment,
  verb: Verb,
  args: Record<string, string>,
  request: string,
): Promise<Reply> {
  return perform(await openReader(environment), verbs, { request, verb: verb.name, args });
}

/** Sends an act to the owner of the installation. @throws SlipwayError not-found when none runs */
export async function act(
  environment: Environment,
  said: { verb: string; args: Record<string, string>; as: string | undefined; request: string },
): Promise<Reply> {
  const installation = await readInstallation(environment, verbNames);
  const { verb, args, as, request } = said;
  const by =
    as === undefined ? {} : { by: { issuer: 'local', workspace: installation.name, user: as, name: as } };
  const answer = await ask(socketPath(dataFolder(environment)), { request, verb, args, ...by });
  if (answer === undefined) {
    throw new SlipwayError('not-found', 'Nothing was started: no slipway runs for this installation.', {
      hint: 'Start it in another terminal: slipway start. Looking works without it: slipway status.',
    });
  }
  return Answer.parse(answer);
}
