/**
 * Who may work on something right now. A hint that saves work, and a guard right before effects that are not
 * conditional; never the truth: a store of leases can be flushed or fail over, the journal's claims stand.
 */
export interface Leases {
  /**
   * Takes the lease if nobody holds it. `token` is unique to the caller's attempt. false: somebody holds it.
   * `sinceMs`: only from a store that has remembered leases for so long. One that was flushed, restarted or replaced by
   * its replica may have forgotten a lease that still counts.
   */
  take(key: string, token: string, ttlMs: number, sinceMs?: number): Promise<boolean>;
  /** Prolongs by `ttlMs` from now if `token` still holds it; false: lost. One round trip. */
  renew(key: string, token: string, ttlMs: number): Promise<boolean>;
  /** Gives back if `token` still holds it. */
  release(key: string, token: string): Promise<void>;
  /**
   * Ends the lease if its token begins with `worker`. Only for who has proof that this worker's process is dead (its
   * parent has seen it exit); everybody else waits for the lease to run out.
   */
  expel(key: string, worker: string): Promise<void>;
  /** Whether anybody holds it. */
  held(key: string): Promise<boolean>;
}
