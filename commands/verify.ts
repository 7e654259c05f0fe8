import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { verifyJournal } from '../src/engine/verify.js';

/** Reads the whole journal and checks every link, signature, blob and snapshot. */
export const verify = defineVerb({
  name: 'verify',
  about: 'Check the whole journal: chain, signatures, blobs, snapshots',
  positional: [],
  options: [],
  acts: false,
  args: z.object({}),
  async run({ opened }) {
    const { runs, lines, events, blobs, problems } = await verifyJournal(opened.engine);
    const summary = `${runs} runs, ${lines} lines, ${events} events, ${blobs} blobs: ${problems.length === 0 ? 'all in order' : `${problems.length} problems`}.`;
    return {
      lines: [summary, ...problems],
      data: { runs, lines, events, blobs, problems },
      exit: problems.length === 0 ? 0 : 1,
    };
  },
});
