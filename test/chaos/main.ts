import { parseArgs } from 'node:util';
import { redisMissing, redisProgram } from '../servers/redis.js';
import { Mutation } from './child-settings.js';
import { allCases } from './cases/index.js';
import { endEverything } from './processes.js';
import { matrixTable, runChaos } from './run-chaos.js';
import { caseTable, mutationTable } from './table.js';

const help = `npm run chaos -- [--short] [--case <name>]... [--seed <n>]

Kills, stops, starves and confuses real processes while releases run, and counts every effect.
  --short        a size for CI, in less than three minutes on two cores
  --case <name>  only this case or mutation; may be given several times
  --seed <n>     the choices of an earlier run

Cases: ${allCases(new Map())
  .map((one) => `\n  ${one.name.padEnd(18)}${one.what}`)
  .join('')}
Mutations, of which each must be missed by a case:
  ${Mutation.options.join(', ')}`;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (redisProgram() === undefined) {
    console.error(redisMissing);
    return 1;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const begun = performance.now();
  console.log(`seed ${seed}`);
  const isTerminal = process.stdout.isTTY;
  const progress = (text: string): void => {
    if (isTerminal) process.stdout.write(`\r\u001B[K${text}`);
  };
  const report = (text: string): void => console.log(`${isTerminal ? '\r\u001B[K' : ''}${text}`);
  const size = values.short ? 'short' : 'full';
  const chaos = await runChaos({ size, seed, only: values.case, progress, report });
  if (chaos.matrix.size > 0) console.log(`\n${matrixTable(chaos.matrix)}`);
  if (chaos.rows.length > 0) console.log(`\n${caseTable(chaos.rows)}`);
  if (chaos.mutated.length > 0) console.log(`\n${mutationTable(chaos.mutated)}`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`\n${chaos.isGood ? 'good' : 'BAD'}, in ${seconds} s`);
  return chaos.isGood ? 0 : 1;
}

process.exitCode = await main().finally(endEverything);
process.exit();
