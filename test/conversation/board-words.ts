import type { Room } from './room.js';

/** Pings of a message: people who are told about it. */
interface Noise {
  messages: number;
  threads: number;
  pings: number;
  edits: Record<string, number>;
}

/** What changes from run to run, by its kind, so that the rest can be compared with a mock-up. */
export function steady(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:…')
    .replaceAll(/\b[0-9A-F]{4}-[0-9A-F]{4}\b/g, 'XXXX-XXXX')
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2} UTC\b/g, '‹time›')
    .replaceAll(/\b(?:\d+(?:\.\d+)? (?:s|min|h|d|ms)\b ?)+/g, (spans) =>
      spans.endsWith(' ') ? '‹span› ' : '‹span›',
    )
    .replaceAll(/\b[0-9a-f]{7}\b/g, '‹commit›')
    .replaceAll(/\b\d+ B\b/g, '‹size›');
}

/** All that a room shows, with what changes from run to run taken out; messages are kept apart by a line. */
export async function shows(room: Room, name = 'rel-kestrel'): Promise<string> {
  await room.shown();
  return (await room.sees(name)).map(steady).join('\n----\n');
}

/** How loud a room was: messages of the bot, in threads, pings in what was posted, and edits by marker. */
export async function noiseIn(room: Room, name = 'rel-kestrel'): Promise<Noise> {
  await room.shown();
  const said = (await room.opened.local.messages.all({ room: name })).filter((one) => one.by === undefined);
  const pieces = said.flatMap(({ message }) =>
    (message?.blocks ?? []).flatMap((block) =>
      block.is === 'lines' || block.is === 'small' ? block.lines.flatMap((line) => line.pieces) : [],
    ),
  );
  return {
    messages: said.filter(({ under }) => under === '').length,
    threads: said.filter(({ under }) => under !== '').length,
    pings: pieces.filter((piece) => piece.is === 'person' && piece.ping).length,
    edits: Object.fromEntries(said.map(({ marker, edit }) => [marker, edit])),
  };
}
