import {
  readOnlyCommands,
  readOnlyGit,
  readOnlyRooms,
  readOnlyStorage,
  type OnRefused,
} from '../services/read-only.js';
import type { Services } from '../steps/step.js';

/**
 * What a step can reach, to be looked at only: whatever would change something throws, and `onRefused` is told. A
 * service that is new does not compile here until somebody has said how it is looked at.
 */
export function readOnlyServices(services: Services, onRefused: OnRefused): Services {
  const all: { [Name in keyof Services]-?: Services[Name] } = {
    git: readOnlyGit(services.git, onRefused),
    identity: services.identity,
    storage: async (name) => readOnlyStorage(await services.storage(name), onRefused),
    rooms: readOnlyRooms(services.rooms, onRefused),
    commands: readOnlyCommands(services.commands, onRefused),
    lines: services.lines,
    pinOf: services.pinOf,
    archived: services.archived,
  };
  return all;
}
