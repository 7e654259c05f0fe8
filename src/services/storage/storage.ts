/** What is known of a stored object. `etag` is opaque; `sha256` is hex; metadata keys are lower-case words. */
export interface Stored {
  etag: string;
  size: number;
  sha256: string;
  metadata: Record<string, string>;
}

/**
 * A place where releases are published: versioned archives (created once) and channel pointers (compare-and-swap).
 * Keys are relative paths of `[A-Za-z0-9._+/-]`.
 */
export interface Storage {
  /** For people: `./storage/releases` or `s3://example-releases`. */
  readonly address: string;
  /** What is there, or undefined. */
  head(key: string): Promise<Stored | undefined>;
  /** The bytes, or undefined. */
  read(key: string): Promise<Uint8Array | undefined>;
  /**
   * Creates; 'exists' when there is an object already, which is left as it is. Durable when it returns.
   * @throws SlipwayError storage-failed (retryable by class)
   */
  create(key: string, body: Uint8Array, metadata: Record<string, string>): Promise<Stored | 'exists'>;
  /** Replaces if the object's etag is still `ifMatch`; 'changed' when it is not (or the object is gone). */
  replace(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
    ifMatch: string,
  ): Promise<Stored | 'changed'>;
  /**
   * Tries with a throw-away key what this store really honours.
   * @throws SlipwayError store-unsafe, naming the missing feature.
   */
  probe(): Promise<void>;
}
