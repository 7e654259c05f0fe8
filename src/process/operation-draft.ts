import type { z } from 'zod';
import type { OperationFile } from './file-shape.js';
import type { Place } from './raw-step.js';
import type { StepDraft } from './read-steps.js';

/** An operation as the proofs see it: what it says of itself, where, and its steps. */
export interface OperationDraft {
  name: string;
  value: z.output<typeof OperationFile>;
  at: Place;
  steps: readonly StepDraft[];
}
