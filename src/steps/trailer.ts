/** The line that says which run made a commit or tag. */
export function trailerOf(run: string): string {
  return `Slipway-Run: ${run}`;
}

/** A message with our trailer as its last line; `signedOffBy` (`Name <address>`) adds a sign-off before it. */
export function withTrailer(message: string, run: string, signedOffBy = ''): string {
  const signoff = signedOffBy === '' ? '' : `Signed-off-by: ${signedOffBy}\n`;
  return `${message.trimEnd()}\n\n${signoff}${trailerOf(run)}`;
}

/**
 * The run that the last line of a message's last paragraph names, or ''. Anybody can write such a line: it is a hint,
 * never a proof, and what it points at is compared before it counts.
 */
export function runOfTrailer(message: string): string {
  const text = message.trimEnd();
  const at = text.lastIndexOf('\n\n');
  if (at < 0) return '';
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return /^Slipway-Run: (\S+)$/.exec(last)?.[1] ?? '';
}
