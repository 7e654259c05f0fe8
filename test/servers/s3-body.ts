import type http from 'node:http';

/** The bytes of a request, without the frames of `aws-chunked`. */
export async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const raw = Buffer.concat(parts);
  const isChunked =
    (request.headers['content-encoding'] ?? '').includes('aws-chunked') ||
    String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  return isChunked ? withoutFrames(raw) : raw;
}

/** `<hex size>[;chunk-signature=…]CRLF <bytes> CRLF …`, ended by size 0 and trailers, which are not checked. */
function withoutFrames(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.toString('latin1', at, end), 16);
    if (end === -1 || Number.isNaN(size)) throw new Error('Not aws-chunked.');
    if (size === 0) return Buffer.concat(parts);
    parts.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
