/** Who makes commits and tags. */
export interface GitIdentity {
  name: string;
  email: string;
}

/** A ref to move: `expected` is the full sha that it must have now, or 'absent'. `to` is a full sha. */
export interface RefUpdate {
  ref: string;
  to: string;
  expected: string;
}

/** One commit of a history. Texts are as people wrote them: clean them before they are shown. */
export interface HistoryEntry {
  commit: string;
  parents: string[];
  author: string;
  /** When it was committed, ms. */
  date: number;
  /** First line of the message. */
  subject: string;
  /** The whole message without trailing newlines. */
  message: string;
}

/** A commit that a cherry-pick looked at. */
export interface Picked {
  commit: string;
  subject: string;
}

/** What became of a cherry-pick: a new head, or the first commit that does not apply. */
export type CherryPick =
  | {
      is: 'picked';
      /** The last commit made, or the commit that it began at where nothing was left to pick. */
      head: string;
      picked: (Picked & { as: string })[];
      /**
       * What was not picked: its history holds it, `at` there picked it (by its `-x` line) or made the same change, or
       * it would change nothing.
       */
      left: (Picked & { why: 'in-history' | 'picked' | 'same-change' | 'empty'; at: string })[];
    }
  | { is: 'conflict'; commit: string; subject: string; files: string[] };

/**
 * One project's remote repository, seen through a local mirror of ours. All objects made here are functions of their
 * arguments: the same arguments give the same sha on every machine. Names of refs are full (`refs/heads/x`), commits
 * are full 40-digit shas. All failures are SlipwayError git-failed; `retryable` where the network was the reason.
 */
export interface Git {
  /** For people, without credentials. */
  readonly address: string;
  /** The default branch's short name and its head commit on the remote, asked now. */
  defaultBranch(): Promise<{ name: string; commit: string }>;
  /** What the remote's refs point at now; tags also carry the commit they peel to. Missing refs are left out. */
  remoteRefs(refs: string[]): Promise<Map<string, { object: string; commit: string }>>;
  /** Makes these commits and their history available locally (fetches if they are not). */
  fetch(commits: string[]): Promise<void>;
  /** Tags of the remote whose short name starts with `prefix` ('' for all), asked now, in the order of their names. */
  tags(prefix: string): Promise<{ name: string; object: string; commit: string }[]>;
  /** Branches of the remote whose short name starts with `prefix` ('' for all), asked now, in the order of their names. */
  branches(prefix: string): Promise<{ name: string; commit: string }[]>;
  /**
   * The full sha of the commit that a person means: a sha of 7 to 40 digits, the short or full name of a tag or branch.
   * It and its history are available locally afterwards.
   * @throws SlipwayError not-found; command-invalid where it is ambiguous, no commit, or no such name can exist
   */
  resolve(name: string): Promise<string>;
  /** Whether `commit` is `head` or anywhere in its history, by any parent. Both must be available locally. */
  contains(commit: string, head: string): Promise<boolean>;
  /** Those of `heads` that contain `commit`, in their order. All must be available locally; what is no commit contains nothing. */
  mergedInto(commit: string, heads: string[]): Promise<string[]>;
  /**
   * Commits of the history of `head`, newest first and never a parent before its child, at most `limit`: without those
   * that `since` contains; only along first parents where asked.
   */
  history(
    head: string,
    options: { since?: string | undefined; limit: number; firstParent?: boolean },
  ): Promise<HistoryEntry[]>;
  /** Whether `commit` is on the first-parent history of `head`. */
  isFirstParentAncestor(commit: string, head: string): Promise<boolean>;
  /** The file's bytes at a commit, or undefined. Symlinks and submodules are refused. */
  readFile(commit: string, path: string): Promise<Uint8Array | undefined>;
  /** Parents, tree, message (without trailing newline) and author date (seconds) of a commit. */
  readCommit(commit: string): Promise<{ tree: string; parents: string[]; message: string; date: number }>;
  /**
   * Makes a commit on `parent` that replaces the given files. `date` in ms; times are stored in UTC.
   * The author and committer are `identity`. Nothing is pushed.
   */
  makeCommit(spec: {
    parent: string;
    files: { path: string; content: Uint8Array }[];
    message: string;
    identity: GitIdentity;
    date: number;
  }): Promise<string>;
  /**
   * Applies commits (at most 100) onto `onto`, in the order given: each becomes a commit with its author and its message,
   * a line that names it as `git cherry-pick -x` writes it, and `trailer`. Committer is `identity` at `date`, in ms. Nothing is
   * pushed, and no worktree, ref or lock is touched; a conflict leaves nothing.
   * @throws SlipwayError command-invalid for a merge commit
   */
  cherryPick(spec: {
    onto: string;
    commits: string[];
    trailer: string;
    identity: GitIdentity;
    date: number;
  }): Promise<CherryPick>;
  /** Makes an annotated tag object; nothing is pushed. `name` is short (`v1.0.0`). */
  makeTag(spec: {
    commit: string;
    name: string;
    message: string;
    identity: GitIdentity;
    date: number;
  }): Promise<string>;
  /**
   * Moves refs on the remote, all or none, each only from its expected value.
   * 'rejected' when a ref was not as expected (look with remoteRefs what is there).
   */
  push(updates: RefUpdate[]): Promise<'pushed' | 'rejected'>;
  /** Objects of `commit` that `base` has not, as bytes that `takeIn` accepts on another machine. */
  pack(commit: string, base: string): Promise<Uint8Array>;
  takeIn(pack: Uint8Array): Promise<void>;
  /** Writes the tree of a commit into a new folder (which must not exist). It holds no .git. */
  checkout(commit: string, folder: string): Promise<void>;
  /** Subjects of first-parent commits after `from` up to `to`, newest first; `from` undefined: all, at most 1,000. */
  subjects(from: string | undefined, to: string): Promise<{ commit: string; subject: string }[]>;
  /** Paths whose content differs between two commits. */
  changedPaths(from: string, to: string): Promise<string[]>;
}
