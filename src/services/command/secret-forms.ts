const shortest = 8;

/** What is sure in the base64 of `bytes` behind so many bytes of something else, as in `user:secret`. */
function shiftedBase64(bytes: Buffer, shift: 0 | 1 | 2): string {
  const all = Buffer.concat([Buffer.alloc(shift), bytes]);
  // Digits of 6 bits that also hold bits of the neighbours differ from text to text.
  return all.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((all.length * 8) / 6));
}

function percentEncoded(secret: string): string[] {
  const plain = encodeURIComponent(secret);
  const strict = plain.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ a: secret }).toString().slice(2);
  const lower = (text: string): string => text.replace(/%../g, (code) => code.toLowerCase());
  return [plain, strict, form, ...[plain, strict, form].map(lower)];
}

function jsonEscaped(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const unit = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const ascii = plain.replace(/[^\0-\x7f]/g, unit);
  return [plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')];
}

/** Keys are often printed line by line; their first and last lines are no secret. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

/**
 * All bytes that a secret is looked for as: itself, its long lines, base64 (also as part of something longer, and for
 * URLs), percent-encoded, JSON-escaped and in hex. None is shorter than 8 bytes.
 */
export function secretForms(secret: string): Buffer[] {
  const bytes = Buffer.from(secret, 'utf8');
  const clean = bytes.toString('utf8'); // a lone surrogate cannot be percent-encoded
  const base64 = [
    bytes.toString('base64'),
    shiftedBase64(bytes, 0),
    shiftedBase64(bytes, 1),
    shiftedBase64(bytes, 2),
  ];
  const texts = [
    clean,
    ...linesOf(clean),
    ...base64.flatMap((text) => [text, text.replace(/=+$/, '')]),
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')),
    ...percentEncoded(clean),
    ...jsonEscaped(clean),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
  return [...new Set(texts)]
    .map((text) => Buffer.from(text, 'utf8'))
    .filter((form) => form.length >= shortest);
}
