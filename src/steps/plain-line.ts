/**
 * Foreign text as one line for a sentence of ours: no control, invisible or direction-changing characters, no line ends, at
 * most `most` characters.
 */
export function plainLine(text: string, most = 200): string {
  const line = text
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/[\s\p{Z}\p{Cc}]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
