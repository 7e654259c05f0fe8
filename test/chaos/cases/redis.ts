import { setTimeout as pause } from 'node:timers/promises';
import { startRedis, type TestRedis } from '../../servers/redis.js';
import { openArena } from '../arena.js';
import { tellRedis } from '../redis-words.js';
import { openProxy } from '../tcp-proxy.js';
import { until } from '../until.js';
import type { Case } from './case.js';
import { targetsOf, underHarm } from './keep-going.js';

const sizes = { full: 40, short: 10 };

/** Redis is killed and comes back, every other time with everything that it had (append-only file), else empty. */
export const redisKilled: Case = {
  name: 'redis-killed',
  what: 'Redis is killed and started again, with its data and without',
  async run({ size, random, mutation, progress }) {
    const outcomes = [];
    for (const [place, redisArgs] of [['--appendonly', 'yes', '--appendfsync', 'always'], []].entries()) {
      const arena = await openArena({ random, bots: 1, workers: 3, concurrency: 3, mutation, redisArgs });
      try {
        const targets = targetsOf(60 + place, Math.ceil(sizes[size] / 2));
        let kills = 0;
        const harm = async (): Promise<void> => {
          await pause(random.between(500, 2_500));
          await arena.redis.kill();
          await pause(random.between(0, 1_000));
          await arena.redis.restart();
          kills += 1;
        };
        await underHarm(arena, targets, 6, harm, progress);
        const outcome = await arena.judge(targets);
        outcomes.push({ ...outcome, kills: outcome.kills + kills });
      } finally {
        await arena.end();
      }
    }
    return outcomes.reduce((all, one) => ({
      runs: all.runs + one.runs,
      kills: all.kills + one.kills,
      effects: all.effects + one.effects,
      lost: [...all.lost, ...one.lost],
      doubled: [...all.doubled, ...one.doubled],
      twinsMade: all.twinsMade + one.twinsMade,
      twinsLeft: [...all.twinsLeft, ...one.twinsLeft],
      asked: all.asked + one.asked,
      problems: [...all.problems, ...one.problems],
      notes: [...all.notes, ...one.notes],
    }));
  },
};

/** Redis forgets everything while it runs; workers die as well. */
export const redisFlushed: Case = {
  name: 'redis-flushed',
  what: 'FLUSHALL again and again, while workers are killed',
  async run({ size, random, mutation, progress }) {
    const arena = await openArena({ random, bots: 1, workers: 3, concurrency: 3, mutation });
    try {
      const targets = targetsOf(62, sizes[size]);
      const harm = async (round: number): Promise<void> => {
        await pause(random.between(700, 3_000));
        const ready = arena.crew.members('worker').filter((worker) => worker.isReady);
        const victim = ready[random.index(ready.length)];
        if (round % 2 === 0 && ready.length > 1 && victim !== undefined) arena.crew.kill(victim.pid);
        await arena.flush();
      };
      await underHarm(arena, targets, 6, harm, progress);
      return await arena.judge(targets);
    } finally {
      await arena.end();
    }
  },
};

/** How far the replication of a server has come, in bytes. */
async function offsetOf(server: TestRedis): Promise<number> {
  const info = await tellRedis(server.port, 'INFO replication');
  const [, role] = /role:(\w+)/.exec(info) ?? [];
  const name = role === 'slave' ? 'slave_repl_offset' : 'master_repl_offset';
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}

/**
 * Failover to a replica that lacks what the primary has acknowledged last: the link between the two is cut first, then
 * the primary goes on for a while, then it dies and the replica takes over.
 */
export const redisFailover: Case = {
  name: 'redis-failover',
  what: 'failover to a replica that lacks the last acknowledged writes',
  async run({ size, random, mutation, progress }) {
    let primary = await startRedis();
    const door = await openProxy(primary.port);
    const url = `redis://127.0.0.1:${door.port}`;
    const server = { ...primary, url, port: door.port, pid: primary.pid };
    const notes: string[] = [];
    let kills = 0;
    const arena = await openArena({
      random,
      bots: 1,
      workers: 3,
      concurrency: 3,
      mutation,
      redis: { url, server },
    });
    const failover = async (): Promise<void> => {
      const link = await openProxy(primary.port);
      const replica = await startRedis({
        args: ['--replicaof', '127.0.0.1', String(link.port), '--repl-diskless-sync-delay', '0'],
      });
      await until('the replica has everything', 20_000, async () => {
        const info = await tellRedis(replica.port, 'INFO replication');
        return info.includes('master_link_status:up') || undefined;
      });
      await pause(random.between(200, 1_000));
      link.lead(undefined);
      const had = await offsetOf(replica);
      await until('the primary has acknowledged more', 20_000, async () =>
        (await offsetOf(primary)) > had + 2_000 ? true : undefined,
      ).catch(() => undefined);
      const lost = (await offsetOf(primary)) - had;
      await primary.end();
      await tellRedis(replica.port, 'REPLICAOF NO ONE');
      door.lead(replica.port);
      await link.close();
      primary = replica;
      kills += 1;
      if (lost > 0) notes.push(`${lost} B lost`);
    };
    try {
      const targets = targetsOf(64, sizes[size]);
      const rounds = size === 'full' ? 8 : 3;
      const harm = (round: number): Promise<void> => (round <= rounds ? failover() : pause(200));
      await underHarm(arena, targets, 6, harm, progress);
      const outcome = await arena.judge(targets);
      const problems = notes.length === 0 ? ['no failover lost a write'] : [];
      return {
        ...outcome,
        kills: outcome.kills + kills,
        problems: [...outcome.problems, ...problems],
        notes: [`${kills} failovers: ${notes.join(', ')}`],
      };
    } finally {
      await arena.end();
      await door.close();
      await primary.end();
    }
  },
};
