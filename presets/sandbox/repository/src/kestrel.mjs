#!/usr/bin/env node
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The longest lines of a text, longest first, each with its width in columns. */
export function longestLines(text, count) {
  return text
    .split(/\r?\n/)
    .map((line) => ({ line, width: widthOf(line) }))
    .sort((a, b) => b.width - a.width)
    .slice(0, count);
}

/** How many columns a line takes; a tab goes to the next multiple of eight. */
export function widthOf(line) {
  let width = 0;
  for (const char of line) width = char === '\t' ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  return width;
}

/** The version that this copy was built as. */
export function version() {
  const file = new URL('version.txt', import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'development';
}

function main(args) {
  if (args[0] === '--version') {
    console.log(version());
    return 0;
  }
  const count = args[0] === '--count' ? Number(args[1]) : 3;
  const files = args[0] === '--count' ? args.slice(2) : args;
  if (files.length === 0 || !Number.isInteger(count) || count < 1) {
    console.error('usage: kestrel [--version] [--count <number>] <file> ...');
    return 2;
  }
  for (const file of files) {
    for (const { line, width } of longestLines(readFileSync(file, 'utf8'), count))
      console.log(`${width}\t${line}`);
  }
  return 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
