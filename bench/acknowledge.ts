import { App, LogLevel, type Receiver } from '@slack/bolt';
import { randomUUID } from 'node:crypto';
import { answer, receive } from '../src/app/dispatch.js';
import { folderRecords } from '../src/services/records/folder.js';
import type { Records } from '../src/engine/ports/records.js';
import { bareOpened } from './bare-opened.js';
import { asker } from './plain-engine.js';
import { milliseconds, quantile, type Bench, type Row } from './row.js';
import { inFolder } from './temporary.js';

const count = 2_000;
const warmUp = 200;

/**
 * What a person waits for before "received": our durable record of the act, against a Bolt handler that writes one
 * record to the same folder and acks. They take turns, one command at a time, so that both see the same disk.
 */
export const acknowledge: Bench = {
  name: 'acknowledge',
  run: () =>
    inFolder(async (folder) => {
      const records = folderRecords(folder);
      const opened = await bareOpened(folder, records);
      const command = await boltHandler(records);
      const ours: number[] = [];
      const bolt: number[] = [];
      let received = '';
      const say = async (): Promise<void> => {
        received = await receive(opened, {
          request: randomUUID(),
          verb: 'release',
          args: { operation: 'cut' },
          by: asker,
        });
      };
      for (let n = 0; n < warmUp + count; n += 1) {
        // Who comes first takes turns as well: the second finds the disk's journal warm.
        const [a, b] = n % 2 === 0 ? [say, command] : [command, say];
        const [first, second] = [await took(a), await took(b)];
        // As in life each act is answered before the next comes, which empties the index; nobody waits for that here.
        await answer(opened, [], received);
        if (n < warmUp) continue;
        ours.push(n % 2 === 0 ? first : second);
        bolt.push(n % 2 === 0 ? second : first);
      }
      return [0.5, 0.99].map((share) => row(share, quantile(ours, share), quantile(bolt, share)));
    }),
};

function row(share: number, ours: number, bolt: number): Row {
  return {
    what: `acknowledge a command, p${share * 100} of ${count}`,
    ours: milliseconds(ours),
    reference: `${milliseconds(bolt)} Bolt handler, one durable write`,
    ratio: ours / bolt,
    limit: { is: 'at most', ratio: 1.3 },
  };
}

async function took(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** A Bolt app on a receiver of its own, without a network. Each call is one slash command, answered when it is acked. */
async function boltHandler(records: Records): Promise<() => Promise<void>> {
  let app: App | undefined;
  const receiver: Receiver = {
    init: (given) => void (app = given),
    start: async () => undefined,
    stop: async () => undefined,
  };
  const made = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    authorize: async () => ({ botToken: 'xoxb-none', botId: 'B1', botUserId: 'U1' }),
  });
  made.command('/release', async ({ body, ack }) => {
    await records.create(`bolt/${body.trigger_id}.json`, Buffer.from(JSON.stringify(body)));
    await ack();
  });
  if (app === undefined) throw new Error('Bolt did not take the receiver.');
  return async () => {
    let isAcked = false;
    await made.processEvent({
      body: {
        command: '/release',
        text: 'cut',
        trigger_id: randomUUID(),
        team_id: 'T1',
        user_id: 'U2',
        user_name: 'ana',
        channel_id: 'C1',
        channel_name: 'releases',
        api_app_id: 'A1',
        response_url: 'https://hooks.slack.com/commands/none',
        token: 'none',
      },
      ack: async () => void (isAcked = true),
    });
    if (!isAcked) throw new Error('Bolt did not ack.');
  };
}
