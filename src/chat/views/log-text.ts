import { plain } from './plain.js';

/** What a log says, for reading: line ends are one `\n`, tabs stay, every other control character is a visible escape. */
export function logText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.split('\t').map(plain).join('\t'))
    .join('\n');
}
