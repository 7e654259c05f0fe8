/**
 * Control and bidi characters of foreign text, and those without a width that no script needs, as visible escapes: nothing
 * from git or people may move the cursor or hide a word.
 */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
