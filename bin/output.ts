import { count } from '../src/engine/gate.js';
import { readSealed } from '../src/engine/read-outputs.js';
import { follow } from '../src/chat/terminal/follow.js';
import { plain } from '../src/chat/views/plain.js';
import { question } from '../src/chat/views/question.js';
import { stopped } from '../src/chat/views/stopped.js';
import { livingOwner } from '../src/app/owner.js';
import type { Opened } from '../src/app/wire.js';
import type { Reply } from '../src/app/verb.js';
import { asSlipwayError } from '../src/error.js';

/** Prints a reply; `--json` prints its data alone. */
export function printReply(reply: Reply, json: boolean): void {
  const stream = reply.exit === 0 || json ? process.stdout : process.stderr;
  stream.write(json ? `${JSON.stringify(reply.data)}\n` : `${reply.lines.join('\n')}\n`);
}

/**
 * Prints an error as people read it, without a stack, or with `--json` as data, like the error of a verb; returns the exit
 * code: 2 for what was typed or written wrong, else 1.
 */
export function printError(error: unknown, json = false): number {
  const { code, message, hint } = asSlipwayError(error);
  const lines = [...(code === 'config-invalid' ? message.split('\n') : [message]), hint];
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else
    process.stderr.write(
      lines
        .filter((line) => line !== '')
        .map((line) => `${plain(line)}\n`)
        .join(''),
    );
  return code === 'command-invalid' || code === 'config-invalid' ? 2 : 1;
}

/** A board is redrawn only where it can be: on a terminal that says how wide it is, and is wide enough. */
function isWide(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns >= 40;
}

/** Who follows a run hears that the bot is gone: otherwise he would wait in silence for what nobody does. */
function watchOwner({ records }: Opened): NodeJS.Timeout {
  let isGone = false;
  return setInterval(() => {
    void livingOwner(records).then((owner) => {
      if (owner === undefined && !isGone) {
        process.stderr.write(
          'The bot has stopped. Nothing is lost, and nothing moves until slipway start.\n',
        );
      }
      isGone = owner === undefined;
      return isGone;
    });
  }, 2_000);
}

/** Shows a run until it is over or waits for people, then what it waits for. Returns the exit code: 0 done or waiting for approval, 1 stopped. */
export async function followRun(opened: Opened, run: string): Promise<number> {
  const stream = process.stdout;
  const installation = await opened.installation();
  const isOwned = installation.journal.kind === 'folder';
  const watch = isOwned ? watchOwner(opened) : undefined;
  const state = await follow(() => opened.engine.runs.load(run), { stream, live: isWide(stream) });
  clearInterval(watch);
  if (state === undefined) return 1;
  for (const gate of Object.values(state.gates)) {
    if (gate.decided !== undefined || state.finished !== undefined) continue;
    const tally = await count(opened.engine, state, gate);
    stream.write(
      `\n${question(state, gate, await readSealed(opened.engine, gate.seal), tally).join('\n')}\n`,
    );
  }
  const lines = stopped(state);
  if (lines.length > 0) process.stderr.write(`\n${lines.join('\n')}\n`);
  return lines.length === 0 ? 0 : 1;
}
