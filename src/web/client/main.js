// @ts-check
import { h, render } from 'preact';
import { useEffect } from 'preact/hooks';
import { ConfirmDialog } from './confirm-dialog.js';
import { ConnectionBanner, ConnectionState } from './connection.js';
import { useFocusFollows } from './focus.js';
import { FormDialog } from './form-dialog.js';
import { open } from './live.js';
import { PeopleSwitch } from './people-switch.js';
import { rememberPerson } from './person.js';
import { placeOf } from './place.js';
import { Room } from './room.js';
import { RunPageView } from './run-page.js';
import { RoomsList } from './rooms-list.js';
import { change, known, useStore } from './store.js';
import { Thread } from './thread.js';
import { sameDay } from './time.js';
import { unreadEverywhere } from './unread.js';

/**
 * @import { State } from './store.js'
 */

/** Goes to another place of the workspace without loading the page anew. @param {string} href */
function go(href) {
  const url = new URL(href, location.href);
  history.pushState(null, '', url);
  change({ place: placeOf(url) });
}

function App() {
  const state = useStore();
  const { place, connection, workspace, asked, me, today, news, sending } = state;
  const shown = shownOf(state);
  useEffect(() => {
    const unread = unreadEverywhere(state);
    const name = place.is === 'run' ? place.run : shown.room.startsWith('@') ? 'To you' : `#${shown.room}`;
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${name} · Slipway`;
  });
  useFocusFollows(place.is === 'run' ? place.run : shown.room, shown.thread);
  if (connection === 'shut') return h(NotLetIn, null);
  if (workspace === null)
    return h(
      'div',
      { class: 'opening-page' },
      h(ConnectionBanner, { connection }),
      h('p', { role: 'status' }, 'Opening the workspace…'),
    );
  return h(
    'div',
    { class: 'workspace', 'data-pane': shown.pane },
    h('a', { class: 'skip', href: '#room' }, 'Skip to the messages'),
    h(
      'header',
      { class: 'top' },
      h(
        'a',
        { class: 'brand', href: '/' },
        'Slipway',
        h('span', { class: 'installation' }, workspace.installation),
      ),
      h(ConnectionState, { connection }),
      h(PeopleSwitch, { state }),
    ),
    h(ConnectionBanner, { connection }),
    h(
      'div',
      { class: 'panes' },
      h(RoomsList, { state, room: place.is === 'run' ? '' : shown.room }),
      place.is === 'nowhere'
        ? h(Nowhere, null)
        : place.is === 'run'
          ? h(RunPageView, { key: place.run, run: place.run })
          : h(Room, {
              key: shown.room,
              state,
              room: shown.room,
              named: shown.thread === '' ? shown.named : '',
            }),
      shown.thread !== '' &&
        h(Thread, {
          key: shown.thread,
          state,
          room: shown.room,
          marker: shown.thread,
          named: shown.named,
          go,
        }),
    ),
    asked?.is === 'confirm' && h(ConfirmDialog, { key: asked.source, asked }),
    asked?.is === 'form' &&
      h(FormDialog, {
        key: `${asked.about} ${asked.form.title}`,
        asked,
        reader: { me, today },
        sending,
      }),
    h(
      'div',
      { class: 'unseen', role: 'log', 'aria-live': 'polite', 'aria-label': 'News' },
      h('p', { key: news }, news),
    ),
  );
}

/**
 * What of the workspace is shown: the first room that one can act in, unless the address says otherwise; a permanent link
 * to a message of a thread opens that thread.
 * @param {State} state
 */
function shownOf({ place, workspace, rooms }) {
  const first = workspace?.rooms.find(({ canAct }) => canAct) ?? workspace?.rooms[0];
  if (place.is !== 'room')
    return { room: first?.room ?? '', thread: '', named: '', pane: place.is === 'home' ? 'rooms' : 'room' };
  const under = rooms[place.room]?.find(({ marker }) => marker === place.marker)?.under ?? '';
  const thread = place.thread || under;
  return { room: place.room, thread, named: place.marker, pane: thread === '' ? 'room' : 'thread' };
}

const Nowhere = () =>
  h(
    'main',
    { class: 'room', id: 'room', tabIndex: -1 },
    h(
      'div',
      { class: 'empty' },
      h('h1', { class: 'empty-title' }, 'Nothing is here'),
      h('p', null, h('a', { href: '/' }, 'All rooms')),
    ),
  );

const NotLetIn = () =>
  h(
    'main',
    { class: 'problem' },
    h('h1', null, 'This browser is not let in'),
    h('p', null, 'Its session is over or was never begun. Nothing was changed.'),
    h('p', null, 'Run ', h('code', null, 'slipway open'), ' and open the address that it prints.'),
  );

/** Links of ours change the place; keys and other targets stay the browser's. @param {MouseEvent} event */
function followed(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (link === null || event.defaultPrevented || !isPlain || link.target !== '') return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin) return;
  event.preventDefault();
  if (url.hash === '') return go(link.href);
  document.getElementById(url.hash.slice(1))?.focus();
}

const url = new URL(location.href);
const wanted = url.searchParams.get('as');
if (wanted !== null) {
  rememberPerson(wanted);
  url.searchParams.delete('as');
  history.replaceState(null, '', url);
}
change({ place: placeOf(url) });
addEventListener('popstate', () => change({ place: placeOf(new URL(location.href)) }));
document.addEventListener('click', followed);
setInterval(() => {
  // Yesterday's times need their date.
  const now = Date.now();
  if (!sameDay(now, known().today)) change({ today: now });
}, 60_000);
const root = document.getElementById('workspace');
if (root !== null) {
  root.replaceChildren();
  render(h(App, null), root);
}
void open();
