import type { Author } from './history.js';

/** Bytes in the language of `git fast-import`. */
export function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** A person and a time in the language of `git fast-import`. `date` is ISO 8601 of the zone +01:00. */
export function signature({ name, email }: Author, date: string): string {
  return `${name} <${email}> ${Date.parse(date) / 1000} +0100`;
}
