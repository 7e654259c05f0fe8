import type { UnderlyingSource } from 'node:stream/web';

/** How many browsers can listen at once. */
const mostClients = 60;
/** How much may wait for a browser that does not read, in bytes; then it is dropped, and reads its room again later. */
const mostWaiting = 1024 * 1024;

/** Browsers that listen to server-sent events. */
export interface EventClients {
  /**
   * A stream for one more browser that begins with `first`; undefined: there are too many. `drop` ends its connection
   * when it reads too slowly.
   */
  open(first: string, drop: () => void): ReadableStream<Uint8Array> | undefined;
  /** Sends to all of them. */
  send(text: string): void;
  count(): number;
  close(): void;
}

/** An event as it is sent; the data is JSON, which has no line breaks. */
export const eventText = (event: 'hello' | 'message' | 'gone' | 'run', data: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** What keeps a silent connection open, and finds out that a browser is gone. */
export const stillHere = ': still here\n\n';

interface Client {
  take(text: string): void;
  end(): void;
}

/** No browsers yet. */
export function eventClients(): EventClients {
  const clients = new Set<Client>();
  return {
    open(first, drop) {
      if (clients.size >= mostClients) return undefined;
      return new ReadableStream(
        clientOf(clients, first, drop),
        new ByteLengthQueuingStrategy({ highWaterMark: mostWaiting }),
      );
    },
    send(text) {
      for (const client of clients) client.take(text);
    },
    count: () => clients.size,
    close() {
      for (const client of clients) client.end();
    },
  };
}

/** The stream's own queue is what waits. */
function clientOf(clients: Set<Client>, first: string, drop: () => void): UnderlyingSource<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = (): void => undefined;
  return {
    start(controller) {
      const client: Client = {
        take(text) {
          if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(text));
          leave();
          drop();
        },
        end() {
          leave();
          controller.close();
        },
      };
      leave = () => void clients.delete(client);
      clients.add(client);
      controller.enqueue(encoder.encode(first));
    },
    cancel: () => leave(),
  };
}
