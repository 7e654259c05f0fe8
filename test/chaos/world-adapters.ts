import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Rooms } from '../../src/services/rooms/rooms.js';
import type { Storage } from '../../src/services/storage/storage.js';
import type {
  CommandResult,
  ProjectCommandResult,
  ProjectCommands,
} from '../../src/services/command/command.js';
import { defineStep, type AnyStepKind } from '../../src/steps/step.js';
import { targetOf } from './release-plan.js';
import { Answers, type Who } from './world-calls.js';
import { callWorld } from './world-client.js';

/** What a child does right before the bytes of an effect leave: traps of the point `in-request`. */
export type BeforeRequest = (run: string, step: string) => void;

/** Who asks the world in this process. */
function who(run: string, step: string): Who {
  return { pid: process.pid, target: targetOf(run), step };
}

/** The product's storage port over the world. */
export function worldStorage(world: string, before: BeforeRequest): Storage {
  const stepOf = (key: string): string => (key.startsWith('channels/') ? 'channel' : 'store');
  return {
    address: 'world',
    head: async (key) => (await callWorld(world, { op: 'head', key }, Answers.head)) ?? undefined,
    read: async (key) => {
      const body = await callWorld(world, { op: 'read', key }, Answers.read);
      return body === null ? undefined : Buffer.from(body, 'base64');
    },
    create: async (key, bytes, metadata) => {
      const run = metadata['run'] ?? '';
      before(run, stepOf(key));
      const body = Buffer.from(bytes).toString('base64');
      return callWorld(
        world,
        { op: 'create', key, body, metadata, who: who(run, stepOf(key)) },
        Answers.create,
      );
    },
    replace: async (key, bytes, metadata, ifMatch) => {
      const run = metadata['run'] ?? '';
      before(run, stepOf(key));
      const body = Buffer.from(bytes).toString('base64');
      const call = { op: 'replace', key, body, metadata, ifMatch, who: who(run, stepOf(key)) } as const;
      return callWorld(world, call, Answers.replace);
    },
    probe: async () => undefined,
  };
}

/** The product's port of rooms over the world, which refuses no second message. */
export function worldRooms(world: string, before: BeforeRequest): Rooms {
  const runOf = (marker: string): string => marker.slice(0, marker.lastIndexOf('_'));
  return {
    search: (room, marker) => callWorld(world, { op: 'search', room, marker }, Answers.search),
    post: async (room, marker, text) => {
      before(runOf(marker), 'announce');
      const call = { op: 'post', room, marker, text, who: who(runOf(marker), 'announce') } as const;
      return callWorld(world, call, Answers.post);
    },
    remove: async (room, id) => {
      const call = {
        op: 'remove',
        room,
        id,
        who: { pid: process.pid, target: '', step: 'announce' },
      } as const;
      await callWorld(world, call, Answers.yes);
    },
  };
}

/**
 * Programs of the project: `build` makes other bytes every time, `publish` is taken by the world as often as it is
 * called, `is-published` looks.
 */
export function worldCommands(
  world: string,
  before: BeforeRequest,
  runOf: (target: string) => string,
): ProjectCommands {
  const ended = (exit: number): CommandResult => ({
    exit,
    signal: undefined,
    reason: 'exited',
    pipesHeld: false,
    durationMs: 0,
  });
  return {
    async run({ argv }): Promise<ProjectCommandResult> {
      const rest = { argv, changed: [] };
      const [program, target = ''] = argv;
      switch (program) {
        case 'build':
          return {
            result: ended(0),
            files: { archive: { name: 'archive.bin', bytes: randomBytes(256) } },
            ...rest,
          };
        case 'is-published': {
          const yes = await callWorld(world, { op: 'is-published', target }, Answers.yes);
          return { result: ended(yes ? 0 : 1), files: {}, ...rest };
        }
        case 'publish':
          before(runOf(target), 'publish');
          await callWorld(world, { op: 'publish', who: who(runOf(target), 'publish') }, Answers.yes);
          return { result: ended(0), files: {}, ...rest };
        default:
          return { result: ended(127), files: {}, ...rest };
      }
    },
  };
}

const Subject = z.strictObject({ subject: z.string() });

/** A mail: nothing refuses a second one, and nobody but a person can look whether one was sent. */
export function mailKind(world: string, before: BeforeRequest): AnyStepKind {
  return defineStep({
    name: 'mail',
    config: Subject,
    needs: [] as const,
    public: () => 'for-ever',
    effect: () => 'once',
    plan: ({ subject }) => `Send the mail "${subject}"`,
    run: async ({ id, config, facts, effect }) => {
      await effect(() => {
        before(facts.run, id);
        return callWorld(
          world,
          { op: 'mail', subject: config.subject, who: who(facts.run, id) },
          Answers.yes,
        );
      });
      return { result: 'done', output: {}, proof: 'sent' };
    },
  });
}
