/** A message of ours that a room holds. `marker` is what it is found by. */
export interface Posted {
  id: string;
  marker: string;
}

/**
 * Where announcements go. A chat has no idempotency key: nothing refuses a second post, so a post is searched before
 * it is sent, and twins are swept afterwards.
 */
export interface Rooms {
  /** Our messages with this marker, oldest first. */
  search(room: string, marker: string): Promise<Posted[]>;
  /** Says it. A caller that saw an exception does not know whether it was said. */
  post(room: string, marker: string, text: string): Promise<Posted>;
  /** Takes one of our own messages away. */
  remove(room: string, id: string): Promise<void>;
}
