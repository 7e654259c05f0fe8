import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { RunSettings } from '../process/kinds/run.js';
import type { CommandResult } from '../services/command/command.js';
import { newestCommit, type Artifact } from './outputs.js';
import { defineStep, type Found, type StepContext } from './step.js';

type Config = z.infer<typeof RunSettings>;

interface Output {
  artifacts: { [name: string]: Artifact & { [key: string]: string | number } };
  [key: string]: { [name: string]: { [key: string]: string | number } };
}

/** Runs a command of the project: an argument list, no shell, a folder of its own with a fresh checkout. */
export const run = defineStep({
  name: 'run',
  config: RunSettings,
  needs: ['commands'] as const,
  public: (config) => (touches(config) === 'none' ? 'no' : 'for-ever'),
  effect: touches,
  plan: (config) => {
    const makes = config.produces.length === 0 ? '' : `, which makes ${config.produces.join(' and ')}`;
    return `Run ${config.run.join(' ')}${makes}`;
  },
  async find(context): Promise<Found<Output>> {
    const { find } = context.config;
    if (find === undefined) return { is: 'absent' };
    const { result } = await start(context, find, {});
    if (result.exit === 0)
      return { is: 'same', output: { artifacts: {} }, proof: `${find.join(' ')}: there already` };
    if (result.exit === 1) return { is: 'absent' };
    throw ended(find, result, context.signal);
  },
  async run(context) {
    const { config, facts, blobs, log } = context;
    const produces = Object.fromEntries(
      config.produces.map((name) => [name, facts.artifacts[name]?.file ?? name]),
    );
    const go = (): ReturnType<typeof start> => start(context, config.run, produces);
    const { result, files } = touches(config) === 'none' ? await go() : await context.effect(go);
    if (result.reason !== 'exited' || result.exit !== 0) throw ended(config.run, result, context.signal);
    if (config.find !== undefined) {
      const back = await start(context, config.find, {});
      if (back.result.exit !== 0) throw ended(config.find, back.result, context.signal);
    }
    const artifacts: Output['artifacts'] = {};
    for (const [name, file] of Object.entries(files)) {
      const sha256 = await blobs.put(file.bytes);
      artifacts[name] = { name: file.name, sha256, size: file.bytes.length };
      log.line(`${name}: ${file.name}, ${file.bytes.length} bytes, sha256:${sha256}`);
    }
    const made = Object.values(artifacts).map((one) => `${one.name} sha256:${one.sha256.slice(0, 12)}`);
    return { result: 'done', output: { artifacts }, proof: made.length === 0 ? 'exit 0' : made.join(', ') };
  },
});

/** A command that can be looked up can still run twice: nothing is known to refuse the second one. */
function touches(config: Config): 'none' | 'searched' | 'once' {
  if (config.find !== undefined) return 'searched';
  return config.effect;
}

function start(
  context: StepContext<Config, 'commands'>,
  command: [string, ...string[]],
  produces: { [artifact: string]: string },
) {
  const { config, facts, before, services, log, signal, timeoutMs } = context;
  log.line(`$ ${command.join(' ')}`);
  return services.commands.run({
    argv: command,
    commit: newestCommit(before, facts.commit).commit,
    packs: packsOf(before),
    base: facts.commit,
    env: {
      ...config.env,
      SLIPWAY_PROJECT: facts.project,
      SLIPWAY_VERSION: facts.version,
      SLIPWAY_TAG: facts.tag,
      SLIPWAY_BRANCH: facts.branch,
      SLIPWAY_COMMIT: facts.commit,
    },
    secrets: config.secrets,
    timeoutMs,
    fresh: config.fresh,
    produces,
    log,
    signal,
  });
}

function packsOf(before: StepContext<Config, 'commands'>['before']): string[] {
  const { pack } = newestCommit(before, '');
  return pack === undefined || pack === '' ? [] : [pack];
}

/** How much of a command is said, in characters: why it ended stands behind it, and rooms show the beginning of a text. */
const mostShown = 60;

function shown(command: string): string {
  const letters = [...command.replaceAll(/\s+/g, ' ')];
  return letters.length <= mostShown ? letters.join('') : `${letters.slice(0, mostShown - 1).join('')}…`;
}

/** Why a command did not succeed, for people. */
export function ended(command: string[], result: CommandResult, signal: AbortSignal): SlipwayError {
  if (result.reason === 'aborted' && signal.reason instanceof SlipwayError) return signal.reason;
  const name = shown(command.join(' '));
  switch (result.reason) {
    case 'not-found':
      return new SlipwayError('command-failed', `"${command[0]}" is not installed where the step ran.`, {
        hint: 'Install it on the worker, then retry.',
      });
    case 'timed-out':
      return new SlipwayError(
        'command-failed',
        `"${name}" was stopped: it took longer than its time limit.`,
        { hint: 'The log has its last words. Retry, or raise the timeout for the next run.' },
      );
    default:
      return new SlipwayError(
        'command-failed',
        `"${name}" ended with ${result.signal === undefined ? `exit code ${result.exit}` : result.signal}.`,
        { hint: 'The log has its last words. Fix it and start anew, or retry if it may pass.' },
      );
  }
}
