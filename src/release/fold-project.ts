import { no, type NotLegal } from './folded.js';
import { own } from './own.js';
import { saidFreeze, type ProjectEvent, type ProjectState } from './project-state.js';

/** Adds one event to a project. Pure; says why an event cannot stand here. A later pin replaces an earlier one. */
export function foldProject(
  state: ProjectState | undefined,
  event: ProjectEvent,
  seq: number,
  at: number,
): ProjectState | NotLegal {
  const next: ProjectState = { pins: {}, moving: {}, ...state, seq, at };
  switch (event.type) {
    case 'channel.pinned': {
      const { type: _, ...pin } = event;
      const { channel } = pin;
      // What was served before the first of several pins is what the channel would go back to.
      const before = own(next.pins, channel)?.before ?? event.before;
      const pins = { ...next.pins, [channel]: { ...pin, before, at } };
      return { ...next, pins, moving: without(next.moving, channel) };
    }
    case 'channel.unpinned': {
      const { channel, version, files } = event;
      const rest = without(next.moving, channel);
      const moving = files.length === 0 ? rest : { ...rest, [channel]: { version, files } };
      return { ...next, pins: without(next.pins, channel), moving };
    }
    case 'channel.settled': {
      if (own(next.moving, event.channel) === undefined) return no('nothing-moves');
      return { ...next, moving: without(next.moving, event.channel) };
    }
    case 'project.frozen': {
      if (event.until <= at) return no('its-time-is-over');
      const { type: _, ...frozen } = event;
      return { ...next, frozen: { ...frozen, at } };
    }
    case 'project.thawed': {
      if (saidFreeze(state, at) === undefined) return no('nothing-is-frozen');
      const { frozen: _, ...rest } = next;
      return rest;
    }
  }
}

function without<T>(map: { [key: string]: T }, key: string): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
