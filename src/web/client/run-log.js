// @ts-check
import { h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { getJson } from './api.js';

/**
 * @import { LogPart, RunPage } from '../api.js'
 * @import { RefObject } from 'preact'
 */

/** How often a log that still grows is asked for more, in ms. */
const everyMs = 2_000;
/** How much is shown before somebody asks for more, in characters. */
const enough = 1_000_000;
/** How near to its end a log counts as read to the end, in pixels. */
const near = 40;

/**
 * The log of a step while it grows. It follows the end only for who stands there, and is plain text, so that the
 * browser's own search finds everything in it.
 * @param {{ page: RunPage, chosen: string, choose: (step: string) => void }} props `chosen` '': the most telling one.
 */
export function RunLog({ page, chosen, choose }) {
  const steps = page.steps.filter(({ hasLog }) => hasLog);
  const step = steps.find(({ id }) => id === chosen) ?? telling(steps);
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  useEffect(() => {
    if (chosen !== '') heading.current?.focus();
  }, [chosen]);
  if (step === undefined) return null;
  return h(
    'section',
    { 'aria-labelledby': 'run-log' },
    h('h2', { id: 'run-log', ref: heading, tabIndex: -1 }, `Log of ${step.name}`),
    steps.length > 1 &&
      h(
        'label',
        { class: 'run-log-choice' },
        'Step ',
        h(
          'select',
          {
            value: step.id,
            onChange: (/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
              choose(currentTarget.value),
          },
          steps.map(({ id, name, word }) => h('option', { key: id, value: id }, `${name}, ${word}`)),
        ),
      ),
    h(Log, { key: step.id, run: page.run, step: step.id, name: step.name }),
  );
}

/** @param {RunPage['steps']} steps */
const telling = (steps) =>
  steps.find(({ word }) => word === 'failed') ?? steps.find(({ took }) => took === '') ?? steps.at(-1);

/** @param {{ run: string, step: string, name: string }} props */
function Log({ run, step, name }) {
  const [isPaused, pause] = useState(false);
  const [limit, setLimit] = useState(enough);
  const { text, state } = useLog(run, step, isPaused, limit);
  const box = useTail(text);
  return h(
    'div',
    { class: 'run-log' },
    h('pre', { ref: box, tabIndex: 0, role: 'region', 'aria-label': `Lines of the log of ${name}` }, text),
    h(
      'div',
      { class: 'buttons' },
      state !== 'whole' &&
        h(
          'button',
          {
            type: 'button',
            class: 'button default',
            'aria-pressed': String(isPaused),
            onClick: () => pause(!isPaused),
          },
          'Pause',
        ),
      state === 'enough' &&
        h(
          'button',
          { type: 'button', class: 'button default', onClick: () => setLimit(limit + enough) },
          'Show more',
        ),
      h(
        'span',
        { class: 'small', role: 'status' },
        stateWords[isPaused ? 'paused' : state === 'growing' && text === '' ? 'silent' : state],
      ),
    ),
  );
}

/** @typedef {'reading' | 'growing' | 'enough' | 'whole' | 'trouble'} LogState */
/** @type {Record<LogState | 'paused' | 'silent', string>} */
const stateWords = {
  reading: 'Reading.',
  silent: 'Nothing is written yet.',
  growing: 'It still grows.',
  enough: 'The log goes on.',
  whole: 'This is the whole log.',
  trouble: 'The log could not be read; it is tried again.',
  paused: 'Paused: what comes now is not shown yet.',
};

/**
 * Reads a log part by part, and while it grows asks for more.
 * @param {string} run
 * @param {string} step
 * @param {boolean} isPaused
 * @param {number} limit
 * @returns {{ text: string, state: LogState }}
 */
function useLog(run, step, isPaused, limit) {
  const [log, show] = useState({ text: '', next: '', state: /** @type {LogState} */ ('reading') });
  const newest = useRef(log);
  newest.current = log;
  useEffect(() => {
    if (isPaused) return;
    const stop = new AbortController();
    void follow(stop.signal);
    return () => stop.abort();

    /** @param {AbortSignal} signal */
    async function follow(signal) {
      let { text, next, state } = newest.current;
      if (state === 'whole') return;
      const address = `/api/runs/${encodeURIComponent(run)}/logs/${encodeURIComponent(step)}`;
      for (;;) {
        let wait = 0;
        try {
          /** @type {LogPart} */
          const part = await getJson(`${address}?${new URLSearchParams({ from: next })}`, signal);
          ({ next } = part);
          text += part.text;
          if (part.over) state = 'whole';
          else if (part.more) state = text.length >= limit ? 'enough' : 'reading';
          else state = 'growing';
          wait = part.more ? 0 : everyMs;
        } catch {
          state = 'trouble';
          wait = everyMs;
        }
        if (signal.aborted) return;
        show({ text, next, state });
        if (state === 'whole' || state === 'enough') return;
        if (wait > 0) await pauseFor(wait, signal);
      }
    }
  }, [run, step, isPaused, limit]);
  return log;
}

/** @param {number} ms @param {AbortSignal} signal */
const pauseFor = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });

/**
 * Keeps who stands at the end of a box at its end when it grows.
 * @param {string} text
 * @returns {RefObject<HTMLPreElement | null>}
 */
function useTail(text) {
  /** @type {RefObject<HTMLPreElement | null>} */
  const box = useRef(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    const look = () => {
      if (element !== null)
        isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < near;
    };
    element?.addEventListener('scroll', look, { passive: true });
    return () => element?.removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return box;
}
