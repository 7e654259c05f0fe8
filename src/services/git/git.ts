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
