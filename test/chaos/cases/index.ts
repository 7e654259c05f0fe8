import type { Case } from './case.js';
import { clockMoved } from './clock-moved.js';
import { diskFull } from './disk-full.js';
import { namedPoints, type Matrix } from './named-points.js';
import { ownerKilled } from './owner-killed.js';
import { randomKills } from './random-kills.js';
import { redisFailover, redisFlushed, redisKilled } from './redis.js';
import { sigstop } from './sigstop.js';
import { takenOver } from './taken-over.js';
import { triggersTripled } from './triggers-tripled.js';

/** All cases, in the order of the table. */
export function allCases(matrix: Matrix): Case[] {
  return [
    randomKills,
    namedPoints(matrix),
    sigstop,
    takenOver,
    redisKilled,
    redisFlushed,
    redisFailover,
    ownerKilled,
    triggersTripled,
    clockMoved,
    diskFull,
  ];
}
