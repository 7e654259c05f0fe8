import pino from 'pino';

/** The operator's log: one JSON line an event, on standard error. It never holds a secret or the text of a room. */
export type Log = pino.Logger;

/** Opens the log. `level` is one of pino's; `silent` writes nothing. */
export function openLogger(level: string): Log {
  return pino(
    { level, base: { pid: process.pid }, serializers: { err: pino.stdSerializers.err } },
    pino.destination({ dest: 2, sync: true }),
  );
}
