import { S3Client } from '@aws-sdk/client-s3';

/** Where a bucket is and with which key; `endpoint` is for servers other than AWS. */
export interface S3Access {
  endpoint?: string;
  region: string;
  keyId: string;
  secret: string;
  /** `http://server/bucket/key` instead of `http://bucket.server/key`; most self-hosted servers want it. */
  pathStyle: boolean;
  /** 3,000 unless told. */
  connectionTimeoutMs?: number;
  /** From the start of a request to its answer, sending included, and the longest silence inside an answer; 10,000 unless told. */
  requestTimeoutMs?: number;
}

/**
 * A client that sends every request once: repeating is decided where the effect is known (`retryHarmless`,
 * `retryConflicts`), because a write whose answer was lost may have happened.
 */
export function s3Client(access: S3Access): S3Client {
  const { endpoint, region, keyId, secret, pathStyle } = access;
  const requestTimeout = access.requestTimeoutMs ?? 10_000;
  return new S3Client({
    region,
    forcePathStyle: pathStyle,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 1,
    // Otherwise the SDK sends aws-chunked bodies with CRC trailers, which many S3 servers do not read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: access.connectionTimeoutMs ?? 3000,
      requestTimeout,
      socketTimeout: requestTimeout,
      // The SDK only logs a warning without it.
      throwOnRequestTimeout: true,
    },
  });
}
