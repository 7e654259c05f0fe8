import { createHash } from 'node:crypto';
import type { Call, Entry, Report, Who } from './world-calls.js';

interface Stored {
  etag: string;
  size: number;
  sha256: string;
  metadata: Record<string, string>;
}

/** A call that changes something. */
export type Write = Extract<Call, { who: Who }>;

/** What is outside: it refuses where a real one refuses, and takes a second one where a real one does. */
export function makeWorld() {
  const objects = new Map<string, Stored & { body: Buffer }>();
  const messages: Report['messages'] = [];
  const published = new Set<string>();
  const pending = new Map<number, string>();
  const log: Entry[] = [];
  let count = 0;

  function put(key: string, body: string, metadata: Record<string, string>): Stored {
    const bytes = Buffer.from(body, 'base64');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    count += 1;
    const stored = { etag: `"${count}"`, size: bytes.length, sha256, metadata };
    objects.set(key, { ...stored, body: bytes });
    return stored;
  }

  function view(key: string): Stored | null {
    const found = objects.get(key);
    if (found === undefined) return null;
    const { body: _, ...stored } = found;
    return stored;
  }

  /** Makes the effect, now; returns what the client is told. */
  function commit(call: Write): unknown {
    const done = apply(call);
    const { target, step, pid } = call.who;
    const sha256 = 'body' in call ? createHash('sha256').update(call.body, 'base64').digest('hex') : '';
    log.push({
      at: Date.now(),
      op: call.op,
      target,
      step,
      pid,
      what: nameOf(call),
      sha256,
      committed: done.committed,
    });
    return done.answer;
  }

  function apply(call: Write): { committed: boolean; answer: unknown } {
    switch (call.op) {
      case 'create':
        if (objects.has(call.key)) return { committed: false, answer: 'exists' };
        return { committed: true, answer: put(call.key, call.body, call.metadata) };
      case 'replace':
        if (objects.get(call.key)?.etag !== call.ifMatch) return { committed: false, answer: 'changed' };
        return { committed: true, answer: put(call.key, call.body, call.metadata) };
      case 'post': {
        count += 1;
        const message = { id: `m${count}`, room: call.room, marker: call.marker, text: call.text };
        messages.push(message);
        return { committed: true, answer: { id: message.id, marker: message.marker, text: message.text } };
      }
      case 'remove': {
        const place = messages.findIndex((one) => one.room === call.room && one.id === call.id);
        if (place >= 0) messages.splice(place, 1);
        return { committed: place >= 0, answer: true };
      }
      case 'mail':
        return { committed: true, answer: true };
      case 'publish':
        published.add(call.who.target);
        return { committed: true, answer: true };
    }
  }

  function read(call: Exclude<Call, { who: Who }>): unknown {
    switch (call.op) {
      case 'head':
        return view(call.key);
      case 'read':
        return objects.get(call.key)?.body.toString('base64') ?? null;
      case 'search':
        return messages
          .filter((one) => one.room === call.room && one.marker === call.marker)
          .map(({ id, marker, text }) => ({ id, marker, text }));
      case 'is-published':
        return published.has(call.target);
      case 'report':
        return {
          pending: [...pending.values()],
          log,
          objects: Object.fromEntries([...objects.keys()].map((key) => [key, view(key)])),
          messages,
        };
    }
  }

  return { commit, read, pending, seed: put };
}

function nameOf(call: Write): string {
  switch (call.op) {
    case 'create':
    case 'replace':
      return call.key;
    case 'post':
    case 'remove':
      return call.room;
    case 'mail':
      return call.subject;
    case 'publish':
      return call.who.target;
  }
}
