/** The closed list of what can go wrong. A code is a fact in kebab-case; texts may change, codes do not. */
export const errorCodes = [
  // input
  'config-invalid', // slipway.yaml or a process file; the message holds file:line:column
  'command-invalid', // what a person typed
  'not-allowed', // authorize() said no
  'refused', // the release line does not accept this now
  'not-found', // no such run, step, gate, project
  'seal-changed', // an answer to a question that is no longer asked
  // journal
  'journal-damaged', // a record does not parse, or the chain is broken
  'journal-version', // written by a newer Slipway
  'journal-full', // no space, or a record over the limit
  'journal-unreachable',
  'journal-owned', // another process owns this folder
  'blob-missing',
  'store-unsafe', // the bucket ignores conditional writes
  // queue
  'queue-unreachable',
  'queue-unsafe', // Redis evicts keys
  // steps
  'effect-differs', // something else stands where our effect should be
  'effect-unknown', // sent, and no answer; it cannot be looked up
  'claim-lost', // another worker took the step over
  'lease-lost',
  'interrupted', // the worker was told to stop
  'cancelled',
  'command-failed', // exit code, signal or time limit of a project's command
  'artifact-invalid', // a build produced nothing, or two files
  'commit-moved', // branch or commit is not what was frozen
  'secret-missing',
  'isolation-missing', // project code would run as the bot's own user
  'git-failed',
  'storage-failed',
  'network-failed',
  'rate-limited',
  'internal', // a bug of ours
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error class. `message` says what happened, `hint` what to do next; neither ever holds a stack or a secret.
 * `retryable` is set only where the very same request can succeed later (network, 5xx, 429);
 * `retryAfterMs` is what the other side asked for.
 */
export class SlipwayError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SlipwayError';
    this.code = code;
    this.hint = options.hint ?? '';
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Any thrown value as our error. What is not ours is a bug of ours: its text is kept, its stack goes to the log only. */
export function asSlipwayError(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new SlipwayError('internal', text, {
    cause: error,
    hint: 'This is a bug of Slipway; the log has the details.',
  });
}
