import { describe, expect, test } from 'vitest';
import { fixupOffer, type OfferFacts } from '../../../src/chat/views/fixup-offer.js';
import { queuedAnswer } from '../../../src/chat/views/queue.js';
import { personReminder, threadReminder } from '../../../src/chat/views/reminder.js';
import { roomLine } from '../../../src/chat/views/room-lines.js';
import { supersededAnnouncement } from '../../../src/chat/views/superseded-announcement.js';
import * as f from './facts.js';

const offer: OfferFacts = {
  project: 'kestrel',
  line: '0.44.0',
  candidate: '0.44.0rc1',
  next: '0.44.0rc2',
  head: 'c2d3e4f'.padEnd(40, '0'),
  count: 2,
  commits: [
    { sha: '8a9b0c1'.padEnd(40, '0'), subject: 'Fix crash on empty workspace', author: 'Tom Ruiz' },
    { sha: 'c2d3e4f'.padEnd(40, '0'), subject: 'Pin the sandbox image', author: 'Ada Osei' },
  ],
  operation: 'fixup',
  moves: ['internal'],
  setAside: undefined,
  made: '',
};

describe('the offer of a next candidate', () => {
  test('names what was merged, and starts nothing', () => {
    const message = fixupOffer(offer);
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: 2 changes merged since rc1
      8a9b0c1 Fix crash on empty workspace · Tom Ruiz
      c2d3e4f Pin the sandbox image · Ada Osei
      rc2 builds the branch and moves internal. Nothing was started.
      [Make rc2]+ [Not now]"
    `);
    expect(message.buttons.map(({ does }) => does)).toMatchInlineSnapshot(`
      [
        {
          "is": "say",
          "say": {
            "args": {
              "operation": "fixup",
              "project": "kestrel",
              "version": "0.44.0",
            },
            "verb": "release",
          },
        },
        {
          "is": "say",
          "say": {
            "args": {
              "head": "c2d3e4f000000000000000000000000000000000",
              "line": "0.44.0",
              "project": "kestrel",
            },
            "verb": "not-now",
          },
        },
      ]
    `);
  });

  test('counts what it does not list', () => {
    const commits = Array.from({ length: 12 }, (_, place) => ({
      sha: `${place}`.padStart(40, 'a'),
      subject: 'x'.repeat(90),
      author: 'y'.repeat(60),
    }));
    const said = f.drawn(fixupOffer({ ...offer, commits, count: 40 }));
    expect(said).toContain('kestrel 0.44.0: 40 changes merged since rc1\n');
    expect(said).toContain('\nand 32 more\n');
    expect(said.split('\n')).toHaveLength(12);
  });

  test('closes when it is set aside, taken up, or gone', () => {
    const setAside = { by: f.mira, at: f.at(15, 20) };
    expect(f.drawn(fixupOffer({ ...offer, setAside }))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: 2 changes set aside
      Set aside by Mira Kahn 15:20. /release fixup still works."
    `);
    expect(f.drawn(fixupOffer({ ...offer, made: '0.44.0rc2' }))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: 2 changes taken into rc2
      rc2 takes in what was merged since rc1."
    `);
    expect(f.drawn(fixupOffer({ ...offer, count: 0, commits: [] }))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: no change left since rc1
      What was merged is not on the release branch any more."
    `);
  });
});

describe('reminders', () => {
  const state = f.runAt(...f.toGate);
  const question = f.questionOf(state, {
    tally: f.tallyOf({ canDecide: [f.someone('jonas'), f.someone('priya')] }),
  });

  test('in the thread name who can decide', () => {
    expect(f.drawn(threadReminder(f.factsOf(state), question, 50))).toMatchInlineSnapshot(
      `"✋ Seal 7F3A-91C2 · waiting, 0 of 2. @Jonas Weil or @Priya Nair can decide. 12 h left."`,
    );
  });

  test('to one person alone lead to the question, where all see his vote', () => {
    const message = personReminder(f.factsOf(state), question, 80);
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0 waits for you. 4 h 48 min left, then nothing ships.
      [Open the question→] [Not me today]"
    `);
    expect(message.buttons.map(({ id }) => id)).toEqual(['question', 'not-me-today']);
  });
});

test('an announcement that is superseded says so first', () => {
  const message = supersededAnnouncement({
    project: 'kestrel',
    version: '0.44.0',
    by: '0.44.1',
    at: f.at(39, 12),
    announcedAt: f.at(16, 10),
    text: 'Kestrel 0.44.0 is stable.\n⚠️ arm smoke · warning: skipped by Mira Kahn, "runner down"\n',
  });
  expect(f.drawn(message)).toMatchInlineSnapshot(`
    "kestrel 0.44.0 is superseded by 0.44.1, tomorrow 15:12. Update to 0.44.1.
    As announced 16:10:
    Kestrel 0.44.0 is stable.
    ⚠️ arm smoke · warning: skipped by Mira Kahn, "runner down""
  `);
  expect(message.text).toMatchInlineSnapshot(
    `"kestrel 0.44.0 is superseded by 0.44.1, 15 Oct 2025 15:12 UTC. Update to 0.44.1. As announced 14 Oct 2025 16:10 UTC: Warning: arm smoke, skipped by Mira Kahn, "runner down". Kestrel 0.44.0 is stable."`,
  );
});

test('a freeze, a pin and a halt are one line each, on and off', () => {
  const by = f.jonas;
  const all = [
    roomLine({
      is: 'frozen',
      project: 'kestrel',
      until: f.at(7, 0),
      zone: 'Europe/Berlin',
      by,
      reason: 'quarter end',
      allows: ['cut', 'fixup'],
    }),
    roomLine({ is: 'thawed', project: 'kestrel', by }),
    roomLine({
      is: 'pinned',
      project: 'kestrel',
      channel: 'stable',
      version: '0.43.2',
      by,
      reason: 'db migration',
    }),
    roomLine({ is: 'unpinned', project: 'kestrel', channel: 'stable', by }),
    roomLine({ is: 'stopped', by, reason: 'keys leaked', at: f.at(14, 34) }),
    roomLine({ is: 'resumed', by }),
  ];
  expect(all.map(f.drawn).join('\n')).toMatchInlineSnapshot(`
    "🔒 kestrel · frozen until 14 Oct 2025 09:00 Europe/Berlin by Jonas Weil: "quarter end".
    cut and fixup are allowed.
    kestrel is not frozen any more, by Jonas Weil.
    🔒 kestrel stable · pinned to 0.43.2 by Jonas Weil: "db migration".
    kestrel stable is not pinned any more, by Jonas Weil. Releases move it again.
    ⏸️ Everything · paused by Jonas Weil 14:34: "keys leaked". No step starts. Next: /release resume-everything
    Everything goes on, by Jonas Weil."
  `);
});

test('who waits in a queue reads who is busy, his place, and the way out', () => {
  const message = queuedAnswer({
    project: 'kestrel',
    line: '0.44.0',
    operation: 'fixup',
    entry: 'abc',
    position: 2,
    active: {
      run: 'kestrel_0.44.0_cut_1',
      by: 'Mira Kahn',
      operation: 'cut',
      version: '0.44.0rc1',
      step: 4,
      of: 7,
    },
    room: 'rel-kestrel',
  });
  expect(f.drawn(message)).toMatchInlineSnapshot(`
    "kestrel is busy: Mira Kahn, cut 0.44.0rc1, step 4 of 7. Your fixup is 2nd and starts by itself.
    [Open the board→] [Leave the queue]"
  `);
  const unseen = {
    project: 'k',
    line: '1',
    operation: 'cut',
    entry: 'abc',
    position: 1,
    active: undefined,
    room: undefined,
  };
  expect(f.drawn(queuedAnswer(unseen))).toMatchInlineSnapshot(`
    "k is busy. Your cut is next and starts by itself.
    [Leave the queue]"
  `);
});
