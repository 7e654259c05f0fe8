// @ts-check
import { h } from 'preact';

/** @type {Record<'back' | 'check' | 'close' | 'down' | 'link' | 'reply' | 'send' | 'people' | 'room', string>} */
const paths = {
  back: 'M12.5 4.5 7 10l5.5 5.5',
  check: 'M4.5 10.5 8.5 14.5 15.5 6',
  close: 'M5 5l10 10M15 5 5 15',
  down: 'M6 8l4 4 4-4',
  link: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-.9.9M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l.9-.9',
  reply: 'M4 5.5h12v8H9.5L6 16.5v-3H4z',
  send: 'M4 10h11M10.5 5.5 15 10l-4.5 4.5',
  people: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.8-3 3-4.5 6-4.5s5.2 1.5 6 4.5',
  room: 'M8 4 6.5 16M13.5 4 12 16M4 8h12.500M3.5 12.500H16',
};

/**
 * A small drawing beside or instead of words; what it stands for is said elsewhere.
 * @param {{ name: keyof typeof paths }} props
 */
export function Icon({ name }) {
  return h(
    'svg',
    { class: 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' },
    h('path', { d: paths[name] }),
  );
}
