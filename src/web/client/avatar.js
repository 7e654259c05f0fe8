// @ts-check
import { h } from 'preact';

/**
 * The picture of who speaks: Slipway's own, or a person's first letter on a tint that stays his.
 * @param {{ id: string, name: string }} props `id` '': Slipway.
 */
export function Avatar({ id, name }) {
  if (id === '')
    return h(
      'span',
      { class: 'avatar slipway', 'aria-hidden': 'true' },
      h(
        'svg',
        { viewBox: '0 0 32 32', focusable: 'false' },
        h('path', { d: 'M6 12h20l-4.5 9h-12zM16 4v8M16 5l7 5M4 26l24-3' }),
      ),
    );
  const tint = [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6, 0);
  const [first = '?'] = [...name];
  return h('span', { class: `avatar tint-${tint}`, 'aria-hidden': 'true' }, first.toUpperCase());
}
