/**
 * Where the truth is kept: small objects that are created once and never changed.
 * Journal, inbox, blobs, logs and snapshots are all records under different prefixes.
 *
 * Keys are `/`-separated words of `[A-Za-z0-9._-]`, at most 512 bytes, no `.` or `..` segment.
 */
export interface Records {
  /** For messages: `folder data/journal` or `bucket s3://name/prefix`. */
  readonly place: string;
  /**
   * Creates the object durably: when this returns `true` the object survives a power cut, whole.
   * `false`: an object of that key exists already, and is unchanged. Exactly one of any number of
   * simultaneous callers, in any processes, gets `true`.
   * A caller that saw an exception does not know the outcome and must read.
   * @throws SlipwayError journal-full | journal-unreachable
   */
  create(key: string, body: Uint8Array): Promise<boolean>;
  /** The whole object, or undefined where there is none. Reads what any process has created before (strong consistency). */
  read(key: string): Promise<Uint8Array | undefined>;
  /** All keys below a prefix (which ends in `/`), recursively, in byte order; `after` leaves out keys up to and including it. */
  list(prefix: string, after?: string): Promise<string[]>;
  /** The names one level below a prefix (which ends in `/`): objects and folders alike, without the slash, in byte order. */
  names(prefix: string): Promise<string[]>;
  /** Deletes; only for what can be derived again (the index of open runs) and for `gc`. Deleting nothing is no error. */
  remove(key: string): Promise<void>;
  /**
   * Tries with a throw-away key that creation really is create-only here.
   * @throws SlipwayError store-unsafe, naming the missing feature.
   */
  probe(): Promise<void>;
}
