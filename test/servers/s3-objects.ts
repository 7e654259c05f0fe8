import { createHash } from 'node:crypto';
import { handleMultipart } from './s3-multipart.js';
import { commit, condition, keptHeaders, wrongChecksum, type S3Request, type S3State } from './s3-state.js';
import { answerXml, escape, failure, type S3Answer } from './s3-xml.js';

/** One request, carried out at once; two requests never overlap. */
export function handle(state: S3State, request: S3Request): S3Answer {
  const { method, target } = request;
  const slash = target.indexOf('/');
  const bucket = slash === -1 ? target : target.slice(0, slash);
  if (state.buckets !== undefined && !state.buckets.includes(bucket)) return failure(404, 'NoSuchBucket');
  const multipart = handleMultipart(state, request);
  if (multipart !== undefined) return multipart;
  const isObject = slash !== -1 && slash < target.length - 1;
  if (!isObject)
    return method === 'GET' ? list(state, bucket, request.query) : failure(405, 'MethodNotAllowed');
  if (method === 'PUT') return put(state, request);
  if (method === 'DELETE') {
    state.objects.delete(target);
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }
  if (method !== 'GET' && method !== 'HEAD') return failure(405, 'MethodNotAllowed');
  const object = state.objects.get(target);
  if (object === undefined) return failure(404, 'NoSuchKey');
  const wantsChecksums = request.headers['x-amz-checksum-mode'] === 'ENABLED';
  const kept = Object.entries(object.headers).filter(
    ([name]) => wantsChecksums || !name.startsWith('x-amz-checksum-'),
  );
  return {
    status: 200,
    headers: {
      ...Object.fromEntries(kept),
      etag: object.etag,
      'last-modified': object.modified.toUTCString(),
      'content-length': object.body.byteLength,
    },
    body: object.body,
  };
}

function put(state: S3State, request: S3Request): S3Answer {
  const { target, headers, body } = request;
  const refused = condition(state, request, 'put') ?? wrongChecksum(state, headers, body);
  if (refused !== undefined) return refused;
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const kept = keptHeaders(headers);
  if (state.checksums !== 'verified') delete kept['x-amz-checksum-sha256'];
  commit(state, target, { body, etag, modified: new Date(), headers: kept });
  return { status: 200, headers: { etag }, body: Buffer.alloc(0) };
}

function list(state: S3State, bucket: string, query: URLSearchParams): S3Answer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const after =
    token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const size = Math.min(Number(query.get('max-keys') ?? state.pageSize), state.pageSize);
  const keys = [...state.objects.keys()]
    .filter((target) => target.startsWith(`${bucket}/${prefix}`))
    .map((target) => target.slice(bucket.length + 1))
    .filter((key) => key > after)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const entries: { name: string; isFolder: boolean }[] = [];
  let isCut = false;
  for (const key of keys) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? key : key.slice(0, end + delimiter.length);
    if (name === entries.at(-1)?.name || (token !== null && name === after)) continue;
    if (entries.length === size) {
      isCut = true;
      break;
    }
    entries.push({ name, isFolder: end !== -1 });
  }
  const xml = entries.map(({ name, isFolder }) => {
    if (isFolder) return `<CommonPrefixes><Prefix>${escape(name)}</Prefix></CommonPrefixes>`;
    const object = state.objects.get(`${bucket}/${name}`);
    return `<Contents><Key>${escape(name)}</Key><LastModified>${object?.modified.toISOString()}</LastModified><ETag>${escape(object?.etag ?? '')}</ETag><Size>${object?.body.byteLength}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const next = isCut ? Buffer.from(entries.at(-1)?.name ?? '').toString('base64url') : '';
  const rest = isCut ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  return answerXml(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${escape(prefix)}</Prefix><KeyCount>${entries.length}</KeyCount><MaxKeys>${size}</MaxKeys><IsTruncated>${isCut}</IsTruncated>${rest}${xml.join('')}</ListBucketResult>`,
  );
}
