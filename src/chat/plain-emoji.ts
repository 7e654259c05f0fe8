/** A reaction without skin tone and without the sign that asks for a coloured picture; names without their colons. */
export function plainEmoji(emoji: string): string {
  return emoji
    .replaceAll(/[\u{1f3fb}-\u{1f3ff}]|\ufe0e|\ufe0f/gu, '')
    .replace(/^:?([^:]+?)(?:::?skin-tone-\d)?:?$/u, '$1');
}
