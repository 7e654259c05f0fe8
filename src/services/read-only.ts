import type { Blobs } from '../engine/ports/blobs.js';
import { SlipwayError } from '../error.js';
import type { ProjectCommands } from './command/command.js';
import type { Git } from './git/git.js';
import type { Rooms } from './rooms/rooms.js';
import type { Storage } from './storage/storage.js';

/**
 * What using a member does. look: nothing changes, but for a mirror of ours that learns what the remote holds. change:
 * something is made, sent or run.
 */
type Use = 'look' | 'change';

/** Every member of a port, the optional ones too: one that is new does not compile until somebody has said what it does. */
type Uses<Port> = { readonly [Member in keyof Port]-?: Use };

const gitUses: Uses<Git> = {
  address: 'look',
  defaultBranch: 'look',
  remoteRefs: 'look',
  fetch: 'look',
  tags: 'look',
  branches: 'look',
  resolve: 'look',
  contains: 'look',
  mergedInto: 'look',
  history: 'look',
  isFirstParentAncestor: 'look',
  readFile: 'look',
  readCommit: 'look',
  makeCommit: 'change',
  cherryPick: 'change',
  makeTag: 'change',
  push: 'change',
  pack: 'look',
  takeIn: 'change',
  checkout: 'change',
  subjects: 'look',
  changedPaths: 'look',
};

const storageUses: Uses<Storage> = {
  address: 'look',
  head: 'look',
  read: 'look',
  create: 'change',
  replace: 'change',
  probe: 'change',
};

const roomsUses: Uses<Rooms> = { search: 'look', post: 'change', remove: 'change' };

const commandsUses: Uses<ProjectCommands> = { run: 'change' };

const blobsUses: Uses<Blobs> = { get: 'look', put: 'change' };

/** Told what was refused: `git.push`. */
export type OnRefused = (what: string) => void;

/** A project's repository that can only be looked at. */
export function readOnlyGit(git: Git, onRefused?: OnRefused): Git {
  return readOnly('git', git, gitUses, onRefused);
}

/** A storage that can only be looked at. */
export function readOnlyStorage(storage: Storage, onRefused?: OnRefused): Storage {
  return readOnly('storage', storage, storageUses, onRefused);
}

/** Rooms that can only be searched. */
export function readOnlyRooms(rooms: Rooms, onRefused?: OnRefused): Rooms {
  return readOnly('rooms', rooms, roomsUses, onRefused);
}

/** Commands that never run: what a command of a project does, nobody but it can say. */
export function readOnlyCommands(commands: ProjectCommands, onRefused?: OnRefused): ProjectCommands {
  return readOnly('commands', commands, commandsUses, onRefused);
}

/** Blobs that can only be read. */
export function readOnlyBlobs(blobs: Blobs, onRefused?: OnRefused): Blobs {
  return readOnly('blobs', blobs, blobsUses, onRefused);
}

/** The error of whatever would change something in a dry run. */
export function writeRefused(what: string): SlipwayError {
  return new SlipwayError('refused', `A dry run changes nothing: ${what} was not done.`, {
    hint: 'Start the operation itself to do it.',
  });
}

/** A member that is not named in `uses`, as an object may have more than its port, is refused too. */
function readOnly<Port extends object>(
  name: string,
  port: Port,
  uses: Uses<Port>,
  onRefused: OnRefused = () => undefined,
): Port {
  const looks = new Set(Object.entries(uses).flatMap(([member, use]) => (use === 'look' ? [member] : [])));
  const refuse = (member: string): never => {
    onRefused(`${name}.${member}`);
    throw writeRefused(`${name}.${member}`);
  };
  return new Proxy(port, {
    get(target, member, receiver) {
      // Asked for by `await` and by what prints objects; no port has one.
      if (typeof member === 'symbol' || member === 'then' || member === 'toJSON') return undefined;
      if (looks.has(member)) return Reflect.get(target, member, receiver);
      return async () => refuse(member);
    },
    set: (_, member) => refuse(String(member)),
    deleteProperty: (_, member) => refuse(String(member)),
    defineProperty: (_, member) => refuse(String(member)),
  });
}
