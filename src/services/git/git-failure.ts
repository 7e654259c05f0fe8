import { SlipwayError } from '../../error.js';
import { secretForms } from '../command/secret-forms.js';

const wordsLimit = 1_000;

/** Text of git or of the server as it may be shown: one line, no credentials, no control characters, at most 1,000. */
export function cleanWords(text: string, secrets: string[]): string {
  let clean = text;
  // A server can send back what it was sent, which is base64 of user and password.
  const forms = secrets.filter((secret) => secret.length >= 8).flatMap(secretForms);
  for (const form of forms.toSorted((one, other) => other.length - one.length))
    clean = clean.replaceAll(form.toString(), '***');
  return clean
    .replace(/\/\/[^/@\s]{1,2000}@/g, '//***@')
    .split(/[\r\n]/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, '').trimEnd())
    .filter((line) => line !== '' && line !== 'remote:' && !line.startsWith('hint:'))
    .join('; ')
    .slice(0, wordsLimit);
}

// What a person has to change; looked at first, since git adds "the remote end hung up" to many of these.
const lasting =
  /permission (to .{1,200} )?denied|authentication failed|access denied|repository not found|could not read (username|password)|host key verification failed|terminal prompts disabled|returned error: 4(?!29|08)\d\d|certificate|no space left|not our ref/i;

const network =
  /could not resolve (host|proxy)|temporary failure in name resolution|name or service not known|connection (refused|reset|timed out|closed|aborted)|unable to connect|failed to connect|couldn't connect|network is unreachable|no route to host|host is down|early eof|hung up unexpectedly|unexpected disconnect|operation timed out|timed out|returned error: (429|408|5\d\d)|rpc failed|broken pipe|ssl_(read|write|connect|error)|gnutls_handshake|kex_exchange_identification|empty reply from server|remote failed to report/i;

/** Whether the words of git say that the network was the reason, so that the same request can succeed later. */
export function isNetworkFailure(words: string): boolean {
  return !lasting.test(words) && network.test(words);
}

const noCredentials = /authentication failed|could not read (username|password)|terminal prompts disabled/i;

/** The error of a git command that ended with a failure. `words` are clean already. */
export function gitFailure(command: string, words: string): SlipwayError {
  if (noCredentials.test(words)) {
    return new SlipwayError(
      'git-failed',
      `The remote refused our credentials, or it got none (git ${command}: ${words})`,
      {
        hint: 'Set user and token of this repository again; after a redirect to another host none are sent.',
      },
    );
  }
  const retryable = isNetworkFailure(words);
  return new SlipwayError(
    'git-failed',
    `git ${command} failed: ${words === '' ? 'it gave no reason' : words}`,
    {
      hint: retryable
        ? 'The network or the server was the reason; it is tried again.'
        : 'Read what git says; address, rights and refs are what is usually wrong.',
      retryable,
    },
  );
}
