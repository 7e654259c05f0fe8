import type { Actor } from '../../release/actor.js';
import type { Person } from '../../release/votes.js';
import { named, ping, type Words } from '../compose.js';
import { clip } from './fit.js';

/** Who acted, as slipway.yaml knows him now; undefined: it does not. */
export function personOf(people: readonly Person[], { user, name }: Actor): Person | undefined {
  return people.find(({ id }) => id === user) ?? people.find((person) => person.name === name);
}

/** Who acted, by name; nobody is told. */
export function who(people: readonly Person[], actor: Actor): Words {
  const person = personOf(people, actor);
  return person === undefined ? clip(actor.name, 40) : named(person.id, clip(person.name, 40));
}

/** Who acted, and is told about it. */
export function tell(people: readonly Person[], actor: Actor): Words {
  const person = personOf(people, actor);
  return person === undefined ? clip(actor.name, 40) : ping(person.id, clip(person.name, 40));
}

/** People are told of a question up to this many; the others are only named. */
const mostPings = 5;

/** `@Jonas Weil, @Priya Nair`: the first of them are told. `last` stands before the last one: `, `, ` or `. */
export function askAll(people: readonly Person[], last = ', '): Words[] {
  const shown = people.slice(0, mostPings);
  const more = people.length - shown.length;
  const words = shown.flatMap((person, place): Words[] => [
    ...(place === 0 ? [] : [place === shown.length - 1 && more === 0 ? last : ', ']),
    ping(person.id, clip(person.name, 40)),
  ]);
  return more === 0 ? words : [...words, ` and ${more} more`];
}

/** `Ada Osei, Jonas Weil`, at most so many names. */
export function names(all: readonly string[], most = 5): string {
  const shown = all.slice(0, most).map((name) => clip(name, 40));
  const more = all.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(all: readonly string[], last = 'and'): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1) ?? ''}`;
}
