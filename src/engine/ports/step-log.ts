/** Where the output of one attempt goes. Text is scrubbed before it comes here. */
export interface StepLog {
  write(chunk: Uint8Array): void;
  /** One line of our own. */
  line(text: string): void;
  /** Writes what is left. */
  end(): Promise<void>;
}
