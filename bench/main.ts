import { parseArgs } from 'node:util';
import { acknowledge } from './acknowledge.js';
import { engine } from './engine.js';
import { cells, headings, isMet, table, type Bench, type Row } from './row.js';
import { start } from './start.js';
import { waiting } from './waiting.js';

const benches: Bench[] = [acknowledge, engine, start, waiting];

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } } });
const chosen = benches.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  process.stderr.write(`--only is one of ${benches.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const bench of chosen) {
  process.stderr.write(`${bench.name} …\n`);
  rows.push(...(await bench.run()));
}
if (values.json === true) {
  const named = rows.map((row) => Object.fromEntries(cells(row).map((cell, n) => [headings[n], cell])));
  process.stdout.write(`${JSON.stringify(named, null, 2)}\n`);
} else {
  process.stdout.write(`${table(rows)}\n`);
}
process.exit(rows.every(isMet) ? 0 : 1);
