import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { seeded } from './random.js';
import { namesOf } from './release-plan.js';
import { spring } from './traps.js';
import { Call } from './world-calls.js';
import { makeWorld, type Write } from './world-state.js';

/** How the world behaves, as JSON in the environment variable WORLD. */
const Settings = z.strictObject({
  folder: z.string(),
  seed: z.number(),
  /** The longest that a commit comes after its request, in ms. */
  lateMs: z.number(),
  /** The share of writes that are refused with 503, and of those that are made and never answered. */
  refuses: z.number(),
  cuts: z.number(),
});

const settings = Settings.parse(JSON.parse(process.env['WORLD'] ?? '{}'));
const random = seeded(settings.seed);
const world = makeWorld();
let requests = 0;

/** How late a request is made whose sender has just been killed: less than the lease, which he has just renewed. */
const inFlightMs = 1_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

/** Most commits are quick; one in five takes long, and the client may be gone by then. It is made all the same. */
function lateness(): number {
  return random.chance(0.2)
    ? random.between(0.3, 1) * settings.lateMs
    : random.between(0, 0.1) * settings.lateMs;
}

async function write(call: Write, response: ServerResponse): Promise<void> {
  if (random.chance(settings.refuses)) return reply(response, 503, 'try later');
  requests += 1;
  const own = requests;
  const { target, step, pid } = call.who;
  world.pending.set(own, target);
  const { run } = namesOf(target);
  if (spring(settings.folder, { run, step, point: 'in-flight', blow: 'kill' }, pid)) {
    process.kill(pid, 'SIGKILL');
    await pause(inFlightMs);
  } else await pause(lateness());
  const answer = world.commit(call);
  world.pending.delete(own);
  if (spring(settings.folder, { run, step, point: 'after-effect', blow: 'kill' }, pid)) {
    process.kill(pid, 'SIGKILL');
    response.destroy();
    return;
  }
  await pause(random.between(0, 0.1) * settings.lateMs);
  if (random.chance(settings.cuts)) response.destroy();
  else reply(response, 200, answer);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = Call.parse(JSON.parse(await bodyOf(request)));
  if ('who' in call) await write(call, response);
  else reply(response, 200, world.read(call));
}

const server = createServer((request, response) => {
  response.on('error', () => undefined);
  answer(request, response).catch((error: unknown) => reply(response, 400, String(error)));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.on('disconnect', () => process.exit(0));
