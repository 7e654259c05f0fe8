// @ts-check
import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { getJson, NotThere } from './api.js';
import { isBusy, press } from './button.js';
import { onRunMoved } from './live.js';
import { MessageCard } from './message.js';
import { Moment } from './piece.js';
import { messageAddress, roomAddress } from './place.js';
import { RunAnswers } from './run-answers.js';
import { RunCancel } from './run-cancel.js';
import { RunJournal } from './run-journal.js';
import { RunLog } from './run-log.js';
import { RunMetrics } from './run-metrics.js';
import { RunSeals } from './run-seals.js';
import { RunSteps } from './run-steps.js';
import { useStore } from './store.js';

/**
 * @import { Message } from '../../chat/message.js'
 * @import { RunPage } from '../api.js'
 * @import { Reader } from './piece.js'
 */

/**
 * The page of a run: everything that its journal says, kept as it stands.
 * @param {{ run: string }} props
 */
export function RunPageView({ run }) {
  const { me, today, workspace } = useStore();
  const { page, trouble } = useRunPage(run);
  const [chosen, choose] = useState('');
  useEffect(() => choose(''), [run]);
  if (page === null)
    return h(
      'main',
      { class: 'run-page', id: 'room', tabIndex: -1 },
      h('p', { role: 'status' }, trouble || 'Reading the run.'),
      trouble !== '' && h('p', null, h('a', { href: '/' }, 'All rooms')),
    );
  const reader = { me, today };
  const canAct = workspace?.rooms.find(({ room }) => room === page.room)?.canAct ?? false;
  return h(
    'main',
    { class: 'run-page', id: 'room', tabIndex: -1 },
    h(Heading, { page, reader }),
    trouble !== '' && h('p', { class: 'run-problem', role: 'alert' }, trouble),
    page.problem !== '' &&
      h(
        'p',
        { class: 'run-problem', role: 'alert' },
        `${page.problem} What follows is the readable beginning. Nothing of this run is started.`,
      ),
    h(RunAnswers, { room: page.room, reader }),
    h(Shown, { page, reader }),
    h(RunSteps, { page, reader, openLog: choose }),
    h(RunLog, { key: run, page, chosen, choose }),
    h(RunMetrics, { rows: page.metrics }),
    h(RunSeals, { seals: page.seals, reader }),
    h(RunCancel, { page, canAct }),
    h(RunJournal, { rows: page.journal, reader }),
  );
}

/** @param {RunPage} page */
const nameOf = ({ project, version, operation }) => `${project} ${version}: ${operation}`;

/** @param {{ page: RunPage, reader: Reader }} props */
function Heading({ page, reader }) {
  const { room, marker, board, state, asked, commit, branch, plan, run } = page;
  const back = board === null ? roomAddress(room) : messageAddress(room, marker);
  /** @type {[string, import('preact').ComponentChildren][]} */
  const facts = [
    ['State', h('strong', null, state)],
    ['Asked', [`${asked.by} `, h(Moment, { at: asked.at, today: reader.today })]],
    ['Commit', h('code', null, commit.slice(0, 7))],
    ['Branch', h('code', null, branch)],
    ['Plan', h('code', null, plan)],
    ['Run', h('code', null, run)],
  ];
  return h(
    'header',
    { class: 'run-heading' },
    h('a', { class: 'run-back', href: back }, `${board === null ? 'Room' : 'Board in'} #${room}`),
    h('h1', null, nameOf(page)),
    h(
      'dl',
      { class: 'run-facts' },
      facts.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))),
    ),
  );
}

/**
 * Board and open questions, as the room shows them, with their buttons.
 * @param {{ page: RunPage, reader: Reader }} props
 */
function Shown({ page: { board, questions, room, run }, reader }) {
  const all = [...(board === null ? [] : [board]), ...questions];
  if (all.length === 0) return null;
  return h(
    'section',
    { 'aria-labelledby': 'run-shown' },
    h('h2', { id: 'run-shown' }, 'As the room shows it'),
    all.map((message, at) =>
      h(Card, { key: at, message: withoutLinksHere(message, run), reader, room, source: `run-${run}-${at}` }),
    ),
  );
}

/**
 * Buttons that lead to this very page lead nowhere.
 * @param {Message} message
 * @param {string} run
 * @returns {Message}
 */
const withoutLinksHere = (message, run) => ({
  ...message,
  buttons: message.buttons.filter(
    ({ does }) => !(does.is === 'go' && does.target.to === 'run' && does.target.run === run),
  ),
});

/** @param {{ message: Message, reader: Reader, room: string, source: string }} props */
function Card({ message, reader, room, source }) {
  return h(MessageCard, {
    message,
    reader,
    busy: () => isBusy(source),
    press: (button) => press(button, { room, thread: '' }, `${source}/${button.id}`),
  });
}

/**
 * Reads the page, and reads it again whenever the run moved. One reading at a time: what moved meanwhile is read next.
 * @param {string} run
 * @returns {{ page: RunPage | null, trouble: string }}
 */
function useRunPage(run) {
  /** @type {[RunPage | null, (page: RunPage | null) => void]} */
  const [page, show] = useState(/** @type {RunPage | null} */ (null));
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let isReading = false;
    let isOld = false;
    const read = async () => {
      isOld = true;
      if (isReading) return;
      isReading = true;
      while (isOld && !signal.aborted) {
        isOld = false;
        try {
          const now = await getJson(`/api/runs/${encodeURIComponent(run)}`, signal);
          show(now);
          setTrouble('');
        } catch (error) {
          if (signal.aborted) continue;
          if (error instanceof NotThere) show(null);
          setTrouble(
            error instanceof NotThere
              ? `There is no run ${run} that you can see.`
              : `The run ${run} could not be read. What is shown may be old.`,
          );
        }
      }
      isReading = false;
    };
    show(null);
    void read();
    const end = onRunMoved(run, () => void read());
    return () => {
      stop.abort();
      end();
    };
  }, [run]);
  return { page, trouble };
}
