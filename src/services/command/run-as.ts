import { SlipwayError } from '../../error.js';
import { plainPath } from './minimal-environment.js';
import { runCommand } from './run-command.js';

/** The user that project code runs as. */
export interface RunAs {
  uid: number;
  gid: number;
}

function missing(message: string, hint: string): SlipwayError {
  return new SlipwayError('isolation-missing', message, { hint });
}

/** What `id` says about a user, as a number; undefined where there is no such user. */
async function idOf(option: '-u' | '-g', user: string): Promise<number | undefined> {
  const said: Uint8Array[] = [];
  const result = await runCommand({
    argv: ['id', option, '--', user],
    folder: '/',
    env: { PATH: plainPath },
    timeoutMs: 10_000,
    onOutput: (chunk, stream) => {
      if (stream === 'stdout') said.push(chunk);
    },
  });
  const text = Buffer.concat(said).toString().trim();
  return result.exit === 0 && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Looks up the user that project code is to run as. Throws isolation-missing where none is named, it does not exist, is
 * root or ourselves (which separates nothing), or where this process cannot change to it because it is not root.
 */
export async function resolveRunAs(userName: string | undefined): Promise<RunAs> {
  const elsewise =
    'Name a user in run-as, or write `isolation: none` if project code may read what Slipway can read.';
  if (userName === undefined) throw missing('No user is named for project code.', elsewise);
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(userName)) {
    throw missing(`${JSON.stringify(userName.slice(0, 40))} is not the name of a user.`, elsewise);
  }
  const [uid, gid] = [await idOf('-u', userName), await idOf('-g', userName)];
  if (uid === undefined || gid === undefined) {
    throw missing(`There is no user ${userName} on this machine.`, `Make it: useradd --system ${userName}`);
  }
  const own = process.geteuid?.();
  if (uid === 0 || gid === 0 || uid === own) {
    throw missing(`Project code as ${userName} would have the rights of Slipway or of root.`, elsewise);
  }
  if (own !== 0) {
    throw missing(
      `This process is not root and cannot run project code as ${userName}.`,
      `Start it as root. ${elsewise}`,
    );
  }
  return { uid, gid };
}
