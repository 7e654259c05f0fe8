import { SlipwayError } from '../../error.js';

/** An address that git may be given. `kind` decides what is needed to reach it. */
export interface RemoteUrl {
  url: string;
  kind: 'file' | 'https' | 'http' | 'ssh' | 'git';
}

function refused(why: string): SlipwayError {
  // The address itself is not repeated: it may hold a password.
  return new SlipwayError('git-failed', `The address of the repository is refused: ${why}.`, {
    hint: 'Use https://host/path, ssh://user@host/path, user@host:path, git://host/path or file:///path.',
  });
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function checkParsed(url: string): RemoteUrl {
  // What URL forgives (`https:///host`, backslashes), git and curl may read in another way.
  if (!/^(file:\/\/\/|[a-z]+:\/\/[^/])/i.test(url) || /[\\\s]/.test(url.replace(/^file:.*/i, ''))) {
    throw refused('it names no host or holds a space or backslash');
  }
  if (!URL.canParse(url)) throw refused('it cannot be read');
  const parsed = new URL(url);
  if (parsed.password !== '')
    throw refused('it holds a password; credentials are given by name in slipway.yaml');
  if (parsed.hostname.startsWith('-') || parsed.username.startsWith('-'))
    throw refused('a name begins with a dash');
  switch (parsed.protocol) {
    case 'https:':
      // A token is often written where the user stands, and would show in the list of processes.
      if (parsed.username !== '')
        throw refused('it holds a user; credentials are given by name in slipway.yaml');
      return { url, kind: 'https' };
    case 'http:':
      if (!loopback.has(parsed.hostname)) throw refused('http is not encrypted');
      if (parsed.username !== '')
        throw refused('it holds a user; credentials are given by name in slipway.yaml');
      return { url, kind: 'http' };
    case 'ssh:':
      return { url, kind: 'ssh' };
    case 'git:':
      return { url, kind: 'git' };
    case 'file:':
      return { url, kind: 'file' };
    default:
      throw refused(`the protocol ${parsed.protocol.slice(0, 20)} is not allowed`);
  }
}

/**
 * Checks the address of a repository before git sees it. Refused with git-failed: options, other transports (`ext::`),
 * credentials, relative paths, control characters; http except to this machine.
 */
export function checkUrl(url: string): RemoteUrl {
  if (url === '' || url.length > 2_000) throw refused('it is empty or too long');
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(url))
    throw refused('it holds a control or invisible character');
  if (url.startsWith('-')) throw refused('it begins with a dash');
  if (/^[a-z0-9+.-]*::/i.test(url)) throw refused('other transports are not allowed');
  if (url.startsWith('/')) return { url, kind: 'file' };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return checkParsed(url);
  if (/^[\w.][\w.-]*@[\w.][\w.-]*:[^-:\s][^\s]*$/.test(url)) return { url, kind: 'ssh' };
  throw refused('it is not an address of a known kind');
}
