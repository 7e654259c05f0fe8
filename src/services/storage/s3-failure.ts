import { SlipwayError } from '../../error.js';
import { s3Problem, type S3Problem } from '../s3-problem.js';

/** What was being done when a request failed. */
export type Doing = 'write' | 'look' | 'list';

const verbs: Record<Doing, string> = {
  write: 'write to',
  look: 'look at',
  list: 'list the uploads of',
};

/** An answer of a bucket, or none, as our error; a missing right is named. */
export function storageFailure(error: unknown, address: string, doing: Doing, key: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const problem = s3Problem(error);
  const { kind, text, retryable, retryAfterMs } = problem;
  const fact =
    kind === 'forbidden'
      ? `Not allowed to ${verbs[doing]} ${address}: ${text}`
      : `Cannot use ${address}: ${text}`;
  return new SlipwayError('storage-failed', fact, {
    hint: hintOf(problem, address, doing, key),
    retryable: retryable || kind === 'conflict' || kind === 'upload-gone' || kind === 'digest',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}

function hintOf({ kind, retryable }: S3Problem, address: string, doing: Doing, key: string): string {
  if (kind === 'full') return 'Raise the quota of the bucket or free space, then retry.';
  if (kind === 'digest') return 'Nothing was stored: the bytes were changed on the way. Retry.';
  if (kind === 'conflict' || kind === 'upload-gone')
    return 'Nothing was stored: others write there at the same time. Retry.';
  if (kind !== 'forbidden')
    return retryable
      ? 'Check that the server of the bucket is up and can be reached from here.'
      : 'Check the name of the bucket, its region, and that the key may read and write there.';
  switch (doing) {
    case 'write': {
      const folder = `${address}/${key}`.replace(/[^/]+$/, '');
      return `Nothing was stored. Fix first: let the worker write ${folder} (s3:PutObject, s3:AbortMultipartUpload).`;
    }
    case 'look':
      return `Fix first: let the worker read and list ${address} (s3:GetObject, s3:ListBucket). Without the right to list, a bucket answers 403 also for what is not there.`;
    case 'list':
      return `Fix first: let the worker list the uploads of ${address} (s3:ListBucketMultipartUploads). What was published is whole.`;
  }
}
