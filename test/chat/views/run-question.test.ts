import { describe, expect, test } from 'vitest';
import { closedQuestion, openQuestion, voteReceipt } from '../../../src/chat/views/run-question.js';
import { admitted, digest, lv } from '../../release/fixtures.js';
import * as f from './facts.js';

const asked = f.runAt(...f.toGate);
const voted = f.runAt(...f.toGate, f.voteAt(f.at(15, 4), f.ada));
const [adaNow, jonasNow, priyaNow] = ['ada', 'jonas', 'priya'].map(f.someone);
const others = [jonasNow, priyaNow].flatMap((one) => one ?? []);
const half = f.tallyOf({
  counted: adaNow === undefined ? [] : [adaNow],
  canDecide: others,
  canOpen: others,
  notCounted: [{ name: 'Tom Ruiz', because: 'not-in-the-role' }],
});

describe('the question of a gate', () => {
  test('before the last vote shows the whole seal on one screen', () => {
    const message = openQuestion(f.factsOf(voted), f.questionOf(voted, { tally: half }));
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "Approve kestrel 0.44.0 for stable? 1 of 2, seal 7F3A-91C2
      Ships 0.44.0, built from rc1, commit d4e5f6a
      kestrel-0.44.0.tar.gz sha256:4be17c9a02d3, 48.2 MiB
      Differs from rc1 in kestrel.lock, pyproject.toml only.
      internal 0.44.0rc1 → 0.44.0, stable 0.43.2 → 0.44.0
      Changes 16 since 0.43.2, 1 breaking
      ⏭️ Arm smoke · skipped by Mira Kahn, second Ada Osei: "runner down"
      Votes Ada Osei 15:04. Not counted: Tom Ruiz, no approver
      Can decide @Jonas Weil, @Priya Nair. Not Mira Kahn, who asked
      Expires tomorrow 15:00, 24 h after it was asked; then nothing ships
      ⚠️ The next approval · warning: it starts the promotion at once
      ✅ here is the same vote; remove it to withdraw. 👍 is no vote. ❌ holds until removed or explained.
      [Approve and promote]+ [Reject…] [What ships→]"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"Approve kestrel 0.44.0 for stable? 1 of 2, seal 7F3A-91C2. Skipped: Arm smoke by Mira Kahn, second Ada Osei: "runner down". Ships: 0.44.0, built from rc1, commit d4e5f6a. kestrel-0.44.0.tar.gz sha256:4be17c9a02d3, 48.2 MiB. Differs from rc1 in kestrel.lock, pyproject.toml only. internal 0.44.0rc1 to 0.44.0, stable 0.43.2 to 0.44.0. Changes: 16 since 0.43.2, 1 breaking. Warning: The next approval, it starts the promotion at once. Votes: Ada Osei 14 Oct 2025 15:04 UTC. Not counted: Tom Ruiz, no approver. Can decide: Jonas Weil, Priya Nair. Not Mira Kahn, who asked. Expires: 15 Oct 2025 15:00 UTC, 24 h after it was asked; then nothing ships. check mark here is the same vote; remove it to withdraw. 👍 is no vote. cross mark holds until removed or explained. Buttons: Approve and promote, Reject…, What ships."`,
    );
    expect(message.buttons[0]).toMatchInlineSnapshot(`
      {
        "about": "Approve and promote kestrel 0.44.0, seal 7F3A-91C2",
        "confirm": {
          "no": "Not yet",
          "text": "Seal 7F3A-91C2. stable serves it at once. A published version is never deleted.",
          "title": "Promote kestrel 0.44.0?",
          "yes": "Promote",
        },
        "does": {
          "is": "say",
          "say": {
            "args": {
              "gate": "approve",
              "run": "kestrel_0.44.0_promote_1",
              "seal": "7f3a91c20c6b0ca1334b21d5c94e10b3a6df9b1ac2fbf2707657ef011b219b07",
            },
            "verb": "approve",
          },
        },
        "id": "approve",
        "label": "Approve and promote",
        "style": "primary",
      }
    `);
    expect(message.buttons[1]?.does).toMatchInlineSnapshot(`
      {
        "form": {
          "about": [
            {
              "pieces": [
                {
                  "is": "text",
                  "text": "Seal 7F3A-91C2. Nothing ships, and this promotion is over.",
                },
              ],
            },
          ],
          "close": "Not now",
          "fields": [
            {
              "hint": "What must change first",
              "is": "text",
              "label": "Reason",
              "long": true,
              "name": "reason",
              "required": true,
              "value": "",
            },
          ],
          "say": {
            "args": {
              "gate": "approve",
              "run": "kestrel_0.44.0_promote_1",
              "seal": "7f3a91c20c6b0ca1334b21d5c94e10b3a6df9b1ac2fbf2707657ef011b219b07",
            },
            "verb": "reject",
          },
          "submit": "Reject",
          "title": "Reject kestrel 0.44.0?",
        },
        "is": "form",
      }
    `);
  });

  test('before the first of two votes asks nothing back', () => {
    const message = openQuestion(f.factsOf(asked), f.questionOf(asked));
    expect(f.drawn(message)).toContain('\n[Approve]+ [Reject…] [What ships→]');
    expect(f.drawn(message)).toContain('Votes none yet\n');
    expect(f.drawn(message)).not.toContain('⚠️');
    expect(message.buttons[0]?.confirm).toBeUndefined();
  });

  test('says whose vote opens it, where not everybody can', () => {
    const tally = { ...half, canDecide: others, canOpen: others.slice(0, 1), missing: ['release-manager'] };
    const message = openQuestion(f.factsOf(voted), f.questionOf(voted, { tally }));
    expect(f.drawn(message)).toContain(
      '⚠️ An approval by Jonas Weil · warning: it starts the promotion at once',
    );
    expect(f.drawn(message)).toContain('Must be among them: release-manager.');
    expect(message.buttons[0]).toMatchObject({
      label: 'Approve',
      confirm: { title: 'Promote kestrel 0.44.0?' },
    });
  });

  test('that somebody holds opens with no vote', () => {
    const tally = { ...half, canOpen: [], holding: others.slice(0, 1) };
    const message = openQuestion(f.factsOf(voted), f.questionOf(voted, { tally }));
    expect(f.drawn(message)).toContain(
      '✋ Approval · waiting: held by Jonas Weil. No vote opens it until that is lifted or explained',
    );
    expect(message.buttons[0]).toMatchObject({ label: 'Approve' });
  });

  test('that no rule speaks of says that nobody can approve', () => {
    const tally = f.tallyOf({ need: 0, canDecide: [] });
    const said = f.drawn(openQuestion(f.factsOf(asked), f.questionOf(asked, { tally })));
    expect(said).toContain('No rule of slipway.yaml speaks of this release: nobody can approve it.');
    expect(said).toContain('Can decide nobody. Not Mira Kahn, who asked');
  });

  test('tells five people at most', () => {
    const many = Array.from({ length: 9 }, (_, place) => ({ id: `p${place}`, name: `P${place}`, roles: [] }));
    const tally = f.tallyOf({ canDecide: many });
    const said = f.drawn(openQuestion(f.factsOf(asked), f.questionOf(asked, { tally })));
    expect(said).toContain('Can decide @P0, @P1, @P2, @P3, @P4 and 4 more');
  });

  test('the receipt is for the voter alone, and takes the vote back', () => {
    const receipt = voteReceipt({ run: 'r', gate: 'approve', seal: f.theSeal, counted: 1, need: 2 });
    expect(f.drawn(receipt)).toMatchInlineSnapshot(`
      "Counted: seal 7F3A-91C2, 1 of 2.
      [Withdraw my vote]"
    `);
    expect(receipt.buttons[0]?.does).toEqual({
      is: 'say',
      say: { verb: 'withdraw', args: { run: 'r', gate: 'approve', seal: f.theSeal } },
    });
  });
});

const endAt = (
  outcome: 'approved' | 'rejected' | 'expired',
  reason: string,
): Parameters<typeof f.runAt>[0] => [
  f.at(15, 20),
  { type: 'run.finished', outcome: outcome === 'approved' ? 'done' : outcome, reason },
];

describe('a question that is over', () => {
  const over = (
    outcome: 'approved' | 'rejected' | 'expired',
    by: Parameters<typeof f.decidedAt>[2],
    reason = '',
    end = outcome !== 'approved',
  ): string => {
    const state = f.runAt(
      ...f.toGate,
      f.voteAt(f.at(15, 4), f.ada),
      f.decidedAt(f.at(15, 20), outcome, by, reason),
      ...(end ? [endAt(outcome, reason)] : []),
    );
    return f.drawn(closedQuestion(f.factsOf(state), f.questionOf(state, { tally: half })));
  };

  test('approved', () => {
    expect(over('approved', [f.ada, f.jonas])).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approved by Ada Osei, Jonas Weil
      Seal 7F3A-91C2, 15:20. The promotion went on."
    `);
  });

  test('rejected says what users get now, and the way on', () => {
    expect(over('rejected', [f.jonas], 'Crash on first start on arm.')).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promotion rejected by Jonas Weil
      "Crash on first start on arm." 15:20.
      Nothing shipped. stable serves 0.43.2, internal 0.43.2. Next: merge a fix and make rc2, or abandon.
      [Abandon 0.44.0]!"
    `);
  });

  test('expired can be asked again', () => {
    expect(over('expired', [])).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval expired with 1 of 2
      Expired 15:20 with 1 of 2. Nothing shipped. stable serves 0.43.2, internal 0.43.2.
      [Ask again]"
    `);
  });

  const fixup = 'kestrel_0.44.0_fixup_1';
  const begins = admitted('change', fixup, { version: '0.44.0rc2', candidate: 2, operation: 'fixup' });
  const changed = `superseded by ${fixup}`;
  const superseded = f.runAt(
    ...f.toGate,
    f.voteAt(f.at(15, 4), f.ada),
    [f.at(15, 20), { type: 'gate.voided', step: 'approve', seal: f.theSeal, changed }],
    [f.at(15, 20), { type: 'run.finished', outcome: 'superseded', reason: `by ${fixup}` }],
  );

  test('superseded says whose vote fell, and leads to what came instead', () => {
    const question = f.questionOf(voted, { changed });
    const during = f.factsOf(superseded, { line: f.lineOf(...f.openLineEvents, begins), isNewest: false });
    expect(f.drawn(closedQuestion(during, question))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval void, rc2 comes first
      🚫 Vote of Ada Osei · void
      Seal 7F3A-91C2 was about commit c2d3e4f. Nothing shipped. This promotion is over.
      [Open rc2→]"
    `);
    const after = { ...during, line: f.lineOf(...f.openLineEvents, begins, lv.reached(fixup)) };
    const there = closedQuestion(after, question);
    expect(there.buttons.map(({ label, does }) => [label, does])).toMatchInlineSnapshot(`
      [
        [
          "Open rc2",
          {
            "is": "go",
            "target": {
              "marker": "kestrel_0.44.0_fixup_1_board",
              "room": "rel-kestrel",
              "to": "message",
            },
          },
        ],
      ]
    `);
    // Much later: what the line says is about something else by then.
    const rc3 = admitted('change', 'kestrel_0.44.0_fixup_2', { version: '0.44.0rc3', candidate: 3 });
    const later = {
      ...during,
      line: f.lineOf(
        ...f.openLineEvents,
        begins,
        lv.reached(fixup),
        rc3,
        lv.reached('kestrel_0.44.0_fixup_2'),
      ),
    };
    expect(f.drawn(closedQuestion(later, question))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval void, the line has gone on
      🚫 Vote of Ada Osei · void
      Seal 7F3A-91C2 was about commit c2d3e4f. Nothing shipped. This promotion is over.
      What changed: the fixup came first.
      [Open the board→]"
    `);
  });

  test('void in a run that goes on leads to the new one', () => {
    const anew = `c05d118b${digest('e').slice(8)}`;
    const state = f.runAt(
      ...f.toGate,
      f.voteAt(f.at(15, 4), f.ada),
      [f.at(15, 20), { type: 'gate.voided', step: 'approve', seal: f.theSeal, changed: 'the notes changed' }],
      [
        f.at(15, 21),
        { type: 'gate.opened', step: 'approve', seal: anew, expiresAt: f.at(39, 21), need: 2, may: ['ada'] },
      ],
    );
    const old = f.questionOf(voted, { changed: 'the notes changed' });
    const questions = [old, f.questionOf(state)];
    const message = closedQuestion(f.factsOf(state, { questions }), old);
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval void, the notes changed
      🚫 Vote of Ada Osei · void
      Seal 7F3A-91C2 was about commit c2d3e4f. Nothing shipped.
      [Open seal C05D-118B→]"
    `);
    expect(message.buttons[0]?.does).toMatchObject({
      target: { to: 'message', marker: `kestrel_0.44.0_promote_1_approve_${anew.slice(0, 16)}` },
    });
  });

  test('of a run that was cancelled can be voted on no more, also before it has ended', () => {
    const state = f.runAt(...f.toGate, [f.at(15, 10), { type: 'run.cancelled', by: f.ada, boundary: false }]);
    expect(f.drawn(openQuestion(f.factsOf(state), f.questionOf(state)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promotion cancelled by Ada Osei
      Seal 7F3A-91C2 is not asked any more. Nothing shipped."
    `);
  });
});
