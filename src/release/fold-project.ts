import { no, type NotLegal } from './folded.js';
import { own } from './own.js';
import type { ProjectEvent, ProjectState } from './project-state.js';

/** Adds one event to a project. Pure; says why an event cannot stand here. A later pin replaces an earlier one. */
export function foldProject(
  state: ProjectState | undefined,
  event: ProjectEvent,
  seq: number,
  at: number,
): ProjectState | NotLegal {
  const next: ProjectState = { pins: {}, moving: {}, ...state, seq, at };
  const { channel } = event;
  switch (event.type) {
    case 'channel.pinned': {
      const { type: _, ...pin } = event;
      // What was served before the first of several pins is what the channel would go back to.
      const before = own(next.pins, channel)?.before ?? event.before;
      const pins = { ...next.pins, [channel]: { ...pin, before, at } };
      return { ...next, pins, moving: without(next.moving, channel) };
    }
    case 'channel.unpinned': {
      const { version, files } = event;
      const rest = without(next.moving, channel);
      const moving = files.length === 0 ? rest : { ...rest, [channel]: { version, files } };
      return { ...next, pins: without(next.pins, channel), moving };
    }
    case 'channel.settled':
      if (own(next.moving, channel) === undefined) return no('nothing-moves');
      return { ...next, moving: without(next.moving, channel) };
  }
}

function without<T>(map: { [key: string]: T }, key: string): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
