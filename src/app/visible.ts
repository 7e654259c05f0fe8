import type { Place } from './act.js';
import type { Installation, Project } from './installation.js';

/** The projects whose releases a room shows. */
export function projectsIn(installation: Pick<Installation, 'projects'>, room: string): Project[] {
  return Object.values(installation.projects).filter((project) => roomsOfProject(project).includes(room));
}

/** Every room that shows the releases of a project; its own first. */
export function roomsOfProject({ room, alsoIn }: Pick<Project, 'room' | 'alsoIn'>): string[] {
  return [...new Set([room, ...alsoIn])].filter((one) => one !== '');
}

/**
 * Whether somebody who asks from there may know of the project's releases: at a terminal always; in a chat, where one of
 * its rooms is open to everybody, or is this one.
 */
export function seesProject(
  installation: Pick<Installation, 'rooms'>,
  project: Pick<Project, 'room' | 'alsoIn'>,
  place: Place | undefined,
): boolean {
  if (place === undefined) return true;
  return roomsOfProject(project).some((room) => room === place.room || !isPrivate(installation, room));
}

/** Whether only its members know of a room. A room that slipway.yaml does not name is nobody's. */
export function isPrivate({ rooms }: Pick<Installation, 'rooms'>, room: string): boolean {
  return !Object.hasOwn(rooms, room) || rooms[room]?.private !== false;
}
