// @ts-check
import { h } from 'preact';
import { ButtonView } from './button.js';
import { marks } from './marks.js';
import { PieceView } from './piece.js';

/**
 * @import { Block, Button, Line, Message } from '../../chat/message.js'
 * @import { Reader } from './piece.js'
 */

/**
 * What the bot says: header, blocks, buttons, and a bar in the colour of its mood, which its words tell as well.
 * @param {{ message: Message, reader: Reader, busy: (button: Button) => boolean,
 *   press: (button: Button) => void }} props `busy`: it was pressed and is not answered.
 */
export function MessageCard({ message, reader, busy, press }) {
  const { header, mood, blocks, buttons } = message;
  return h(
    'div',
    { class: `card mood-${mood}` },
    header !== '' && h('h3', { class: 'card-header' }, header),
    blocks.map((block, at) => h(BlockView, { key: at, block, reader })),
    buttons.length > 0 &&
      h(
        'div',
        { class: 'buttons' },
        buttons.map((button) =>
          h(ButtonView, { key: button.id, button, busy: busy(button), press: () => press(button) }),
        ),
      ),
  );
}

/** @param {{ block: Block, reader: Reader }} props */
function BlockView({ block, reader }) {
  switch (block.is) {
    case 'lines':
      return h(
        'div',
        { class: 'lines' },
        block.lines.map((line, at) => h(LineView, { key: at, line, reader })),
      );
    case 'small':
      return h(
        'div',
        { class: 'small' },
        block.lines.map((line, at) => h(LineView, { key: at, line, reader })),
      );
    case 'code':
      return h(
        'pre',
        { class: 'fence', tabIndex: 0, role: 'region', 'aria-label': 'Log lines' },
        block.lines.join('\n'),
      );
    case 'table':
      return h(TableView, block);
  }
}

/** @param {{ line: Line, reader: Reader }} props */
export function LineView({ line, reader }) {
  const words = line.pieces.map((piece, at) => h(PieceView, { key: at, piece, reader }));
  if (line.mark === undefined) return h('div', { class: 'line' }, words);
  const mark = h('span', { class: `mark mark-${line.mark}`, 'aria-hidden': 'true' }, marks[line.mark]);
  return h('div', { class: 'line marked' }, mark, ' ', h('span', { class: 'said' }, words));
}

/**
 * A table whose first column names the row. It alone may scroll sideways.
 * @param {{ caption: string, columns: string[], rows: string[][] }} props
 */
export function TableView({ caption, columns, rows }) {
  return h(
    'div',
    { class: 'table', tabIndex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      null,
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((one, at) => h('th', { key: at, scope: 'col' }, one)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row, at) =>
          h(
            'tr',
            { key: at },
            row.map((cell, column) =>
              column === 0 ? h('th', { key: column, scope: 'row' }, cell) : h('td', { key: column }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}
