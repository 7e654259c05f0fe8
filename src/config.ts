import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SlipwayError } from './error.js';

/** The environment as far as Slipway uses it. No other file reads it. */
export interface Environment {
  /** Address of Redis; undefined runs the queue inside this process. */
  redisUrl: string | undefined;
  /** `memory` keeps the queue inside this process although a Redis could be found. */
  queue: 'memory' | undefined;
  /** Level of the log on standard error. */
  logLevel: string;
  /** Folder for what Slipway keeps on this machine, absolute; undefined: `.slipway` beside slipway.yaml. */
  data: string | undefined;
  /**
   * Path of slipway.yaml, absolute: SLIPWAY_CONFIG, else the one in this folder, else that of the practice project which
   * `slipway start` has made here.
   */
  config: string;
  /** Nothing names an installation, and there is none in this folder: `slipway start` makes one to practise. */
  practiceFolder: string | undefined;
  /** Key of the marks on events that people made; build workers do not have it. */
  journalKey: string | undefined;
  /** Address of an S3 server that is not Amazon's. */
  s3Endpoint: string | undefined;
  /** Where programs are looked up. */
  path: string;
  /** How a command is typed here: by npm where `npm start` runs a checkout, else by its name. */
  called: string;
  /**
   * A value that slipway.yaml names, from the variable or from the file that `<name>_FILE` names; read when asked for.
   * @throws SlipwayError secret-missing, or config-invalid if it cannot be used
   */
  setting(name: string): string;
  /** Like `setting`, for what must not be seen: at least 8 characters, or the scrubber would erase common words. */
  secret(name: string): string;
}

/** The shortest secret that can be kept out of logs without erasing common words. */
export const minSecretLength = 8;

type Variables = Readonly<Record<string, string | undefined>>;

const Url = (schemes: RegExp, words: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.test(text), `must be an address such as ${words}`);

const Shape = z.object({
  REDIS_URL: Url(/^rediss?:\/\//, 'redis://localhost:6379').optional(),
  SLIPWAY_QUEUE: z.literal('memory').optional(),
  SLIPWAY_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  SLIPWAY_DATA: z.string().optional(),
  SLIPWAY_CONFIG: z.string().optional(),
  AWS_ENDPOINT_URL_S3: Url(/^https?:\/\//, 'https://s3.example.com').optional(),
  npm_lifecycle_event: z.string().optional(),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

/**
 * Parses the environment once, at start.
 * @param folder where slipway.yaml is looked for
 * @throws SlipwayError config-invalid that lists all that is wrong, without any value
 */
export function readEnvironment(
  variables: Variables = process.env,
  folder: string = process.cwd(),
): Environment {
  // An empty variable is how a shell or a compose file says "none".
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Shape.safeParse(present);
  const problems = (parsed.error?.issues ?? []).map((it) => `${it.path.join('.')}: ${it.message}`);
  let journalKey: string | undefined;
  try {
    journalKey = lookUp(present, 'SLIPWAY_JOURNAL_KEY', minSecretLength);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    problems.push(error.message);
  }
  if (!parsed.success || problems.length > 0) {
    throw new SlipwayError('config-invalid', problems.join('\n'), {
      hint: 'Correct the environment and start again.',
    });
  }
  const { data } = parsed;
  const required = (name: string, least: number): string => {
    const value = lookUp(present, name, least);
    if (value !== undefined) return value;
    throw new SlipwayError('secret-missing', `${name} is not set`, { hint: `Set ${name} or ${name}_FILE.` });
  };
  return {
    redisUrl: data.REDIS_URL,
    queue: data.SLIPWAY_QUEUE,
    logLevel: data.SLIPWAY_LOG,
    data: data.SLIPWAY_DATA === undefined ? undefined : resolve(data.SLIPWAY_DATA),
    ...configOf(folder, data.SLIPWAY_CONFIG),
    journalKey,
    s3Endpoint: data.AWS_ENDPOINT_URL_S3,
    path: data.PATH,
    called: data.npm_lifecycle_event === 'start' ? 'npm run -s slipway' : 'slipway',
    setting: (name) => required(name, 1),
    secret: (name) => required(name, minSecretLength),
  };
}

function configOf(folder: string, named: string | undefined): Pick<Environment, 'config' | 'practiceFolder'> {
  const own = join(folder, 'slipway.yaml');
  if (named !== undefined) return { config: resolve(folder, named), practiceFolder: undefined };
  if (existsSync(own)) return { config: own, practiceFolder: undefined };
  const practiceFolder = join(folder, '.slipway', 'sandbox');
  const practice = join(practiceFolder, 'slipway.yaml');
  return { config: existsSync(practice) ? practice : own, practiceFolder };
}

function lookUp(variables: Variables, name: string, least: number): string | undefined {
  const direct = variables[name];
  const file = variables[`${name}_FILE`];
  if (direct !== undefined && file !== undefined) {
    throw new SlipwayError('config-invalid', `${name}: set it or ${name}_FILE, not both`);
  }
  const value = direct ?? (file === undefined ? undefined : readSecretFile(name, file));
  if (value === undefined) return undefined;
  if (value.length < least) {
    const message = least === 1 ? 'is empty' : `has fewer than ${least} characters`;
    throw new SlipwayError('config-invalid', `${name}: ${message}`);
  }
  return value;
}

function readSecretFile(name: string, file: string): string {
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new SlipwayError('config-invalid', `${name}_FILE: ${file} cannot be read`);
  }
}
