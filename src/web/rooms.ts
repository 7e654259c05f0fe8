import { z } from 'zod';
import type { Installation, Project } from '../app/installation.js';
import { projectOfRun } from '../app/talk/runs.js';
import { isPrivate, roomsOfProject } from '../app/visible.js';
import { SlipwayError } from '../error.js';
import type { RoomView } from './api.js';

const Announces = z.object({ to: z.array(z.string()) });

/** The rooms that a project speaks in: those that show its releases, and where its process announces. */
function heardIn(project: Project): Set<string> {
  const steps = Object.values(project.process.operations).flatMap((operation) => operation.steps);
  const told = steps
    .filter(({ kind }) => kind === 'announce')
    .flatMap(({ settings }) => Announces.safeParse(settings).data?.to ?? []);
  return new Set([...roomsOfProject(project), ...told]);
}

/** The rooms that the local workspace shows, in the order of slipway.yaml. Private ones are for their members only. */
export function visibleRooms(installation: Installation): RoomView[] {
  const { rooms, projects } = installation;
  const speaking = Object.values(projects).map((project) => ({ project, rooms: heardIn(project) }));
  return Object.keys(rooms)
    .filter((room) => !isPrivate(installation, room))
    .map((room) => {
      const here = speaking.filter((one) => one.rooms.has(room)).map(({ project }) => project);
      return {
        room,
        projects: here.map(({ name }) => name),
        canAct: here.some(({ sandbox }) => sandbox),
      };
    });
}

/** @throws SlipwayError not-found, also for a room that is private */
export function visibleRoom(installation: Installation, room: string): RoomView {
  const found = visibleRooms(installation).find((one) => one.room === room);
  if (found !== undefined) return found;
  throw new SlipwayError('not-found', `There is no room "${room}" here.`);
}

/** Whether a run is of a project whose releases some room shows to everybody. */
export function isVisibleRun(installation: Installation, run: string): boolean {
  const name = projectOfRun(run);
  const project = Object.hasOwn(installation.projects, name) ? installation.projects[name] : undefined;
  return project !== undefined && roomsOfProject(project).some((room) => !isPrivate(installation, room));
}
