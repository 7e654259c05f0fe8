// @ts-check
import { useEffect, useRef } from 'preact/hooks';

/**
 * Gives the focus a place when what had it is gone: a thread that is closed gives it back to its message, everything else
 * to the room or page that is shown now.
 * @param {string} shown what is shown, in any words that differ with it
 * @param {string} thread
 */
export function useFocusFollows(shown, thread) {
  const before = useRef({ shown, thread });
  useEffect(() => {
    const { thread: closed } = before.current;
    const isFirst = before.current.shown === shown && closed === thread;
    before.current = { shown, thread };
    if (isFirst || document.activeElement !== document.body) return;
    const row = closed === '' ? null : document.querySelector(`#room [data-marker="${CSS.escape(closed)}"]`);
    const heir = row ?? document.getElementById('room');
    if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
  }, [shown, thread]);
}
