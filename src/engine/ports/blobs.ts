/** Content-addressed bytes: outputs, artifacts, plans, everything too big for an event. */
export interface Blobs {
  /** Stores durably; returns the sha256 in hex. Storing the same bytes again is free. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws SlipwayError blob-missing, also when the bytes are not what the digest says. */
  get(digest: string): Promise<Uint8Array>;
}
