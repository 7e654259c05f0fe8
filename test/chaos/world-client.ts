import type { z } from 'zod';
import { SlipwayError } from '../../src/error.js';
import { Answers, type Call, type Report } from './world-calls.js';

/** Asks the world, as a client of a real service would: what goes wrong on the way is a retryable failure. */
export async function callWorld<T>(address: string, call: Call, answer: z.ZodType<T>): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { method: 'POST', body: JSON.stringify(call) });
    text = await response.text();
  } catch (cause) {
    throw new SlipwayError('network-failed', `The world did not answer to "${call.op}".`, {
      retryable: true,
      cause,
    });
  }
  if (response.status >= 500)
    throw new SlipwayError('network-failed', `The world said ${response.status} to "${call.op}".`, {
      retryable: true,
    });
  if (!response.ok) throw new Error(`the world refuses ${call.op}: ${text}`);
  return answer.parse(JSON.parse(text));
}

/** What the world holds and has seen, for the judge and for people who look. */
export function reportOf(address: string): Promise<Report> {
  return callWorld(address, { op: 'report' }, Answers.report);
}
