#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { verbs } from '../commands/index.js';
import type { Verb } from '../src/app/verb.js';
import { printError } from './output.js';

/** The command line, and the entry of every process. */
const program = new Command('slipway')
  .description(
    'Releases software: a declared process, an approval bound to what ships, a journal that survives every crash.',
  )
  .exitOverride()
  .showHelpAfterError('Add --help to see how it is written.');

let exit = 0;
// The SDK's word on Node versions is for us, not for who asks about a release.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

for (const verb of verbs) addVerb(verb);
addProcesses();

function addVerb(verb: Verb): void {
  const command = program.command([verb.name, ...verb.positional].join(' ')).description(verb.about);
  for (const option of verb.options) {
    if (option.repeat === true) command.option(option.flags, option.about, collect, undefined);
    else if (option.required === true) command.requiredOption(option.flags, option.about);
    else command.option(option.flags, option.about);
  }
  command.option('--json', 'print the result as JSON');
  if (verb.acts)
    command
      .option('--as <person>', 'who acts; sandbox projects only')
      .option('--detach', 'do not stay to watch');
  command.action(async (...given: unknown[]) => {
    const { say } = await import('./say.js');
    const { json, as, detach, ...options } =
      command.opts<Record<string, string | boolean | string[] | undefined>>();
    const names = verb.positional.map((name) => name.slice(1, -1));
    const args: Record<string, string> = {};
    names.forEach((name, place) => {
      const value = given[place];
      if (typeof value === 'string') args[name] = value;
    });
    for (const [name, value] of Object.entries(options)) {
      if (value !== undefined && value !== false)
        args[dashed(name)] = Array.isArray(value) ? value.join('\n') : String(value);
    }
    exit = await say({
      verb,
      args,
      as: typeof as === 'string' ? as : undefined,
      json: json === true,
      detach: detach === true,
    });
  });
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** commander gives `notMade` for `--not-made`. */
function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function addProcesses(): void {
  const concurrency = [
    '--concurrency <n>',
    'how many steps run at once in one process',
    whole(1, 100),
    4,
  ] as const;
  const drain = [
    '--drain <seconds>',
    'how long local commands may still run after a SIGTERM',
    whole(0, 3_600),
    25,
  ] as const;
  program
    .command('start')
    .description(
      'Run the bot of this installation, with its queue and workers; without slipway.yaml, of a practice project that is made here',
    )
    .option(
      '--workers <n>',
      'worker processes of their own (with Redis); 0: steps run in this process',
      whole(0, 64),
      0,
    )
    .option(...concurrency)
    .option(...drain)
    .option(
      '--port <n>',
      'port of 127.0.0.1 for the local workspace; the next free one if it is taken',
      whole(0, 65_535),
      4774,
    )
    .option('--no-web', 'without the local workspace')
    .action(async (options: StartWords) => {
      const { start } = await import('./start.js');
      exit = await start({ ...options, drainMs: options.drain * 1000 });
    });
  program
    .command('open')
    .description('Print a new address that opens the local workspace once')
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const { open } = await import('./workspace.js');
      exit = await open(options.json === true);
    });
  program
    .command('practice')
    .description('Merge the next fix of a practice project, as a colleague would')
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const { practice } = await import('./practice.js');
      exit = await practice(options.json === true);
    });
  program
    .command('worker')
    .description('Run steps only, beside a bot, here or on another machine')
    .option(...concurrency)
    .option(...drain)
    .action(async (options: { concurrency: number; drain: number }) => {
      const { work } = await import('./start.js');
      exit = await work({ ...options, drainMs: options.drain * 1000 });
    });
  program
    .command('validate [file]')
    .description('Say everything that is wrong with slipway.yaml or a process file, or what it means')
    .option('--json', 'print the result as JSON')
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      const { validate } = await import('./validate.js');
      exit = await validate(file, options.json === true);
    });
  program
    .command('backup <folder>')
    .description('Copy journal, blobs and logs into a new folder')
    .action(async (folder: string) => {
      const { backup } = await import('./backup.js');
      exit = await backup(folder);
    });
  program
    .command('restore <folder>')
    .description('Bring a backup back into an empty journal')
    .action(async (folder: string) => {
      const { restore } = await import('./backup.js');
      exit = await restore(folder);
    });
  program
    .command('demo')
    .description('Make a real project, cut and promote it, kill a worker on the way, and show what exists')
    .option('--folder <folder>', 'where to make it; a new temporary folder by default')
    .action(async (options: { folder?: string }) => {
      const { demo } = await import('./demo.js');
      exit = await demo(options.folder);
    });
}

interface StartWords {
  workers: number;
  concurrency: number;
  drain: number;
  port: number;
  web: boolean;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) exit = error.exitCode === 0 ? 0 : 2;
  else exit = printError(error, process.argv.includes('--json'));
}
// A reader may still hold timers of libraries; everything that must end has ended.
process.exit(exit);
