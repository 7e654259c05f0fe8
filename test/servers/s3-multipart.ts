import { createHash } from 'node:crypto';
import {
  commit,
  condition,
  keptHeaders,
  wrongChecksum,
  type S3Request,
  type S3State,
  type S3Upload,
} from './s3-state.js';
import { answerXml, element, escape, failure, type S3Answer } from './s3-xml.js';

const space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The requests of uploads in parts; undefined: it is none of them. */
export function handleMultipart(state: S3State, request: S3Request): S3Answer | undefined {
  const { method, query } = request;
  const id = query.get('uploadId');
  if (method === 'GET' && query.has('uploads')) return listUploads(state, request);
  if (method === 'POST' && query.has('uploads')) return begin(state, request);
  if (id === null) return undefined;
  const upload = state.uploads.get(id);
  if (upload === undefined || upload.target !== request.target) return failure(404, 'NoSuchUpload');
  if (method === 'PUT') return putPart(state, upload, request);
  if (method === 'POST') return complete(state, id, upload, request);
  if (method !== 'DELETE') return failure(405, 'MethodNotAllowed');
  state.uploads.delete(id);
  return { status: 204, headers: {}, body: Buffer.alloc(0) };
}

function begin(state: S3State, { target, headers }: S3Request): S3Answer {
  state.begun += 1;
  const id = `upload-${state.begun}`;
  const { account, aheadMs } = state;
  const began = Date.now() + aheadMs;
  const upload = { target, began, account, headers: keptHeaders(headers), parts: new Map() };
  state.uploads.set(id, upload);
  const { bucket, key } = split(target);
  return answerXml(
    200,
    `<InitiateMultipartUploadResult ${space}><Bucket>${bucket}</Bucket><Key>${escape(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  );
}

function putPart(state: S3State, upload: S3Upload, { query, headers, body }: S3Request): S3Answer {
  const refused = wrongChecksum(state, headers, body);
  if (refused !== undefined) return refused;
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const sha256 = headers['x-amz-checksum-sha256'];
  upload.parts.set(Number(query.get('partNumber')), {
    body,
    etag,
    sha256: typeof sha256 === 'string' ? sha256 : undefined,
  });
  const told = typeof sha256 === 'string' ? { 'x-amz-checksum-sha256': sha256 } : {};
  return { status: 200, headers: { etag, ...told }, body: Buffer.alloc(0) };
}

/** By S3's rules: parts in order, each as it was answered, all but the last of 5 MiB; the condition is checked here. */
function complete(state: S3State, id: string, upload: S3Upload, request: S3Request): S3Answer {
  const refused = condition(state, request, 'complete');
  if (refused !== undefined) return refused;
  const xml = request.body.toString();
  const named = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(element(part, 'PartNumber')),
    etag: element(part, 'ETag'),
    sha256: element(part, 'ChecksumSHA256'),
  }));
  if (named.length === 0) return failure(400, 'MalformedXML');
  if (named.some(({ number }, at) => at > 0 && number <= (named[at - 1]?.number ?? 0)))
    return failure(400, 'InvalidPartOrder');
  const parts = named.flatMap(({ number, etag, sha256 }) => {
    const part = upload.parts.get(number);
    const fits = part?.etag === etag && (part.sha256 === undefined || part.sha256 === sha256);
    return part !== undefined && fits ? [part] : [];
  });
  if (parts.length !== named.length) return failure(400, 'InvalidPart');
  if (parts.slice(0, -1).some(({ body }) => body.length < 5 * 1024 ** 2))
    return failure(400, 'EntityTooSmall');
  const digests = parts.map(({ sha256 = '' }) => Buffer.from(sha256, 'base64'));
  const all = createHash('sha256').update(Buffer.concat(digests)).digest('base64');
  const checksum: Record<string, string> =
    state.checksums === 'verified' && digests.every((one) => one.length > 0)
      ? { 'x-amz-checksum-sha256': `${all}-${parts.length}` }
      : {};
  const md5s = parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex'));
  const etag = `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.length}"`;
  const { 'x-amz-checksum-algorithm': _, ...headers } = upload.headers;
  commit(state, request.target, {
    body: Buffer.concat(parts.map(({ body }) => body)),
    etag,
    modified: new Date(),
    headers: { ...headers, ...checksum },
  });
  state.uploads.delete(id);
  const { bucket, key } = split(request.target);
  return answerXml(
    200,
    `<CompleteMultipartUploadResult ${space}><Bucket>${bucket}</Bucket><Key>${escape(key)}</Key><ETag>${escape(etag)}</ETag></CompleteMultipartUploadResult>`,
  );
}

function listUploads(state: S3State, { target, query }: S3Request): S3Answer {
  const bucket = target.replace(/\/$/, '');
  const prefix = query.get('prefix') ?? '';
  const after = query.get('upload-id-marker') ?? '';
  const all = [...state.uploads].filter(([, upload]) => upload.target.startsWith(`${bucket}/${prefix}`));
  const from = after === '' ? 0 : all.findIndex(([id]) => id === after) + 1;
  const page = all.slice(from, from + state.pageSize);
  const isCut = from + page.length < all.length;
  const xml = page.map(
    ([id, upload]) =>
      `<Upload><Key>${escape(split(upload.target).key)}</Key><UploadId>${id}</UploadId><Initiator><ID>${upload.account}</ID></Initiator><Initiated>${new Date(upload.began).toISOString()}</Initiated></Upload>`,
  );
  const last = page.at(-1);
  const rest =
    isCut && last !== undefined
      ? `<NextKeyMarker>${escape(split(last[1].target).key)}</NextKeyMarker><NextUploadIdMarker>${last[0]}</NextUploadIdMarker>`
      : '';
  return answerXml(
    200,
    `<ListMultipartUploadsResult ${space}><Bucket>${bucket}</Bucket><IsTruncated>${isCut}</IsTruncated>${rest}${xml.join('')}</ListMultipartUploadsResult>`,
  );
}

function split(target: string): { bucket: string; key: string } {
  const slash = target.indexOf('/');
  return { bucket: target.slice(0, slash), key: target.slice(slash + 1) };
}
