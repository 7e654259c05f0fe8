import { SlipwayError } from '../../error.js';

/** The PATH of a project's command where nobody says otherwise. */
export const plainPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The whole environment of a project's command: its own HOME and TMPDIR, a fixed language and time zone, and what `add`
 * names (which wins). Nothing of this process comes in. A name or value that no environment can hold is command-failed.
 */
export function minimalEnvironment(
  place: { home: string; tmp: string; path?: string | undefined },
  add: Record<string, string> = {},
): Record<string, string> {
  for (const [name, value] of Object.entries(add)) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !value.includes('\0')) continue;
    throw new SlipwayError(
      'command-failed',
      `${JSON.stringify(name.slice(0, 80))} cannot be set in an environment.`,
      {
        hint: 'Names are letters, digits and _; values hold no null character.',
      },
    );
  }
  return {
    PATH: place.path ?? plainPath,
    HOME: place.home,
    TMPDIR: place.tmp,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    CI: 'true',
    ...add,
  };
}
