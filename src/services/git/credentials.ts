import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../../error.js';
import { withScratch } from './mirror.js';
import type { RemoteUrl } from './remote-url.js';
import type { Askpass } from './run-git.js';

/** What a server is told so that it knows us. For a token most forges want the user `x-access-token`. */
export interface Credentials {
  user: string;
  password: string;
}

/**
 * git runs this with its question as the argument. It answers only the two questions that the repository's own server
 * asks, letter for letter: after a redirect git asks for another place, and gets nothing.
 */
const program = `#!/bin/sh
case "$1" in
  "$SLIPWAY_ASKED_USER") printf '%s\\n' "$SLIPWAY_GIT_USER" ;;
  "$SLIPWAY_ASKED_PASSWORD" | "$SLIPWAY_ASKED_PASSWORD_TOO") printf '%s\\n' "$SLIPWAY_GIT_PASSWORD" ;;
  *) exit 1 ;;
esac
`;

function check({ user, password }: Credentials): void {
  if (user !== '' && password !== '' && !/[\p{Cc}]/u.test(user + password)) return;
  throw new SlipwayError(
    'secret-missing',
    'The credentials of the repository are empty or hold a line end.',
    {
      hint: 'Nothing was asked of the remote. Set user and token again.',
    },
  );
}

/** Where git would write a user into an address: newer versions encode it. */
function percentEncoded(user: string): string {
  return encodeURIComponent(user).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Runs `work` with a helper that answers git's questions for credentials. They are in the environment of these git
 * processes only, never in an address, an argument or a file; the helper is removed afterwards.
 * @throws SlipwayError secret-missing
 */
export async function withCredentials<T>(
  mirror: string,
  remote: RemoteUrl,
  credentials: Credentials,
  work: (askpass: Askpass) => Promise<T>,
): Promise<T> {
  check(credentials);
  // As it is written: git asks with these very letters.
  const [, protocol = '', host = ''] = /^([^:/]+):\/\/([^/?#]+)/.exec(remote.url) ?? [];
  const { user, password } = credentials;
  return withScratch(mirror, async (scratch) => {
    const file = join(scratch, 'askpass');
    await writeFile(file, program, { mode: 0o700 });
    return work({
      program: file,
      environment: {
        SLIPWAY_ASKED_USER: `Username for '${protocol}://${host}': `,
        SLIPWAY_ASKED_PASSWORD: `Password for '${protocol}://${user}@${host}': `,
        SLIPWAY_ASKED_PASSWORD_TOO: `Password for '${protocol}://${percentEncoded(user)}@${host}': `,
        SLIPWAY_GIT_USER: user,
        SLIPWAY_GIT_PASSWORD: password,
      },
      secrets: [password],
    });
  });
}
