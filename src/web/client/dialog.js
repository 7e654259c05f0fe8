// @ts-check
import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * @import { ComponentChildren, RefObject } from 'preact'
 */

/**
 * A dialog of the browser: it holds the focus, Esc closes it, and what had the focus before gets it back.
 * @param {{ title: string, close: () => void, children?: ComponentChildren }} props
 */
export function Dialog({ title, close, children }) {
  /** @type {RefObject<HTMLDialogElement | null>} */
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return h(
    'dialog',
    {
      ref: dialog,
      class: 'dialog',
      'aria-labelledby': 'dialog-title',
      onCancel: (/** @type {Event} */ event) => {
        event.preventDefault();
        close();
      },
      onClick: (/** @type {Event} */ event) => event.target === dialog.current && close(),
    },
    h('div', { class: 'dialog-body' }, h('h2', { id: 'dialog-title' }, title), children),
  );
}
