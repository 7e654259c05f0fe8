import { z } from 'zod';
import { OneLine } from '../names.js';
import { defineKind, DurationText } from './kind.js';

/** The settings of `approve`. */
export const ApproveSettings = z.strictObject({
  show: z.array(OneLine).min(1).optional().describe('Lines that the question shows besides what is sealed.'),
});

/** The gate. */
export const approve = defineKind({
  name: 'approve',
  about: 'Asks for approval of exactly what was made before it. Who may approve is in `slipway.yaml`.',
  settings: ApproveSettings,
  places: { 'show.*': 'text' },
  reach: () => 'none',
  alone: true,
  plan: 'Ask for the approval of 1.2.0',
  find: 'A decision with the same seal.',
  example: '- uses: approve',
});

/** The settings of `wait`. */
export const WaitSettings = z
  .strictObject({
    until: z.string().optional().describe('A moment with its zone, or an input of the type `time`.'),
    for: DurationText.optional().describe('A duration: `30s`, `45m`, `24h`, `7d`.'),
  })
  .refine((settings) => (settings.until === undefined) !== (settings.for === undefined), {
    message: 'needs either "until" or "for"',
  });

/** Waiting for a time. */
export const wait = defineKind({
  name: 'wait',
  about: 'Waits until a moment, or for a time to pass. It holds no worker.',
  settings: WaitSettings,
  places: { until: 'time' },
  reach: () => 'none',
  alone: true,
  plan: 'Wait 24h',
  find: 'The clock.',
  example: '- uses: wait\n  for: 24h',
});

/** A reminder afterwards. */
export const remind = defineKind({
  name: 'remind',
  about: 'Reminds people of something some time after the run.',
  settings: z.strictObject({
    after: DurationText.describe('A duration: `7d`.'),
    who: z.string().describe('A role of `slipway.yaml`.'),
    text: z.string().min(1).describe('What it says.'),
  }),
  places: { text: 'text' },
  names: { who: 'role' },
  reach: () => 'none',
  plan: 'Remind coordinator in 7d',
  find: 'The timer of this run.',
  example: '- uses: remind\n  after: 7d\n  who: coordinator\n  text: Publish the post-mortem of {version}',
});
