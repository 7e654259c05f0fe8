import { canonical, sha256 } from '../release/canonical.js';
import type { Message } from './message.js';

/** What two messages that look the same have in common: an edit between them would change nothing. */
export function renderingOf(message: Message): string {
  return sha256(canonical(message)).slice(0, 32);
}
