// @ts-check
import { h } from 'preact';
import { pressSurely } from './button.js';
import { Dialog } from './dialog.js';
import { change } from './store.js';

/**
 * @import { Asked } from './store.js'
 */

/**
 * What a button asks before it acts. The safe answer has the focus.
 * @param {{ asked: Extract<Asked, { is: 'confirm' }> }} props
 */
export function ConfirmDialog({ asked: { button, where, source } }) {
  const close = () => change({ asked: null });
  const { confirm } = button;
  if (confirm === undefined) return null;
  const yes = () => {
    close();
    pressSurely(button, where, source);
  };
  return h(
    Dialog,
    { title: confirm.title, close },
    h('p', { class: 'dialog-text' }, confirm.text),
    h(
      'div',
      { class: 'buttons end' },
      h('button', { type: 'button', class: 'button default', autofocus: true, onClick: close }, confirm.no),
      h(
        'button',
        {
          type: 'button',
          class: `button ${button.style === 'primary' ? 'primary' : 'danger'}`,
          onClick: yes,
        },
        confirm.yes,
      ),
    ),
  );
}
