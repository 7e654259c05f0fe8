import type http from 'node:http';

/** An answer before it is sent. */
export interface S3Answer {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: Buffer;
}

/** An error as S3 says it. */
export function failure(status: number, code: string): S3Answer {
  return answerXml(
    status,
    `<Error><Code>${code}</Code><Message>${code} of the test server.</Message></Error>`,
  );
}

/** A document. */
export function answerXml(status: number, xml: string): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** Text inside a document. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text of the first element of that name, or ''. */
export function element(xml: string, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
