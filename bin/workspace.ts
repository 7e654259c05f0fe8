import { z } from 'zod';
import { verbs } from '../commands/index.js';
import type { Bot } from '../src/app/bot.js';
import { mergeAndOffer } from '../src/app/practice.js';
import { ask, socketPath } from '../src/app/socket.js';
import { dataFolder } from '../src/app/wire.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { SlipwayError } from '../src/error.js';
import { practiceOf } from '../src/sandbox/practice.js';
import { openPrivateListener } from '../src/web/private-listener.js';
import { practicePath } from './practice.js';

/** What is asked of the owner for a new address. */
const addressPath = '/address';

const Address = z.object({ address: z.string() });

/** The workspace that is served, and what the banner says about it. */
export interface Workspace {
  lines: string[];
  stop(): Promise<void>;
}

/** Serves the local workspace beside the bot, and new addresses to who asks on its socket. */
export async function serveWorkspace(
  { opened, installation, handles }: Bot,
  environment: Environment,
  wanted: number,
): Promise<Workspace> {
  const practice = await practiceOf(opened, environment.path);
  const listener = await openPrivateListener({ opened, verbs, practice, port: wanted });
  handles.set(addressPath, async () => ({ address: listener.newAddress() }));
  if (practice !== undefined) handles.set(practicePath, () => mergeAndOffer(opened, practice));
  const { port } = listener;
  const room = Object.values(installation.projects).find(({ sandbox }) => sandbox)?.room;
  return {
    lines: [
      ...(wanted === 0 || wanted === port
        ? []
        : [`Port ${wanted} is taken; the workspace is at ${port} instead.`]),
      `Workspace: ${listener.newAddress()}`,
      `It opens once, within 10 minutes; ${environment.called} open prints another one.`,
      ...(room === undefined
        ? ['No project here is a sandbox: the workspace only shows.']
        : [`Type first, in #${room}: /release cut`]),
    ],
    stop: () => listener.stop(),
  };
}

/** Prints a new address of the workspace. @throws SlipwayError not-found when it is not served */
export async function open(json: boolean): Promise<number> {
  const answer = await ask(socketPath(dataFolder(readEnvironment())), {}, addressPath);
  if (answer === undefined) {
    throw new SlipwayError('not-found', 'No slipway runs for this installation.', {
      hint: 'Start it: slipway start. It prints an address.',
    });
  }
  const { address } = Address.parse(answer);
  process.stdout.write(json ? `${JSON.stringify({ address })}\n` : `${address}\n`);
  return 0;
}
