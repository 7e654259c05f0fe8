import type { StepLog } from '../../engine/ports/step-log.js';

/** How to run one program of a project. No shell is involved. */
export interface Command {
  /** Program and arguments; the program is looked up on the PATH of `env`. */
  argv: [string, ...string[]];
  /** Working folder. */
  folder: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  /** Numeric ids to run as; undefined keeps ours (the caller has checked that it may). */
  runAs?: { uid: number; gid: number } | undefined;
  /** Time limit in ms. */
  timeoutMs: number;
  /** Bytes as they come, from both streams in the order of arrival. */
  onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  /** Ends the command: SIGTERM to the group, after `graceMs` SIGKILL to the group. */
  signal?: AbortSignal;
  /** Between SIGTERM and SIGKILL, default 10,000. */
  graceMs?: number;
}

/** How it ended. `pipesHeld`: a grandchild outside the group kept the pipes open and was left behind. */
export interface CommandResult {
  exit: number | undefined;
  signal: string | undefined;
  reason: 'exited' | 'timed-out' | 'aborted' | 'not-found';
  pipesHeld: boolean;
  durationMs: number;
}

/** One command of a project: what it sees, and what it is to leave. */
export interface ProjectCommand {
  argv: [string, ...string[]];
  /** Commands that follow it in the same folder, each only if the one before succeeded. */
  more?: readonly [string, ...string[]][];
  /** Folder of the checkout that they run in, by its path there; its root otherwise. */
  folder?: string;
  /** Files that are written into the checkout first, by their paths in it. */
  write?: readonly { path: string; content: Uint8Array }[];
  /** Whether to bring back the files of the checkout that the commands changed. */
  keepChanges?: boolean;
  /** Commit that is checked out, fresh, below the folder. */
  commit: string;
  /** Blobs with objects of a commit that is not pushed yet. */
  packs: string[];
  /** The commit on the remote that they build on; a worker on another machine has to fetch it first. */
  base: string;
  env: Record<string, string>;
  /** Names of secrets that slipway.yaml grants this step. */
  secrets: string[];
  timeoutMs: number;
  /** Paths removed before the start. */
  fresh: string[];
  /** Globs of which each must match exactly one file that is newer than the start. */
  produces: { [artifact: string]: string };
  log: StepLog;
  signal: AbortSignal;
}

/** What is left of it: how it ended, and the files that it made. */
export type ProjectCommandResult = {
  result: CommandResult;
  /** The command that ended so: the last one that ran. */
  argv: [string, ...string[]];
  /** Files of the checkout that are otherwise than before, where `keepChanges` asked for them. */
  changed: { path: string; content: Uint8Array }[];
  files: { [artifact: string]: { name: string; bytes: Uint8Array } };
};

/** Runs commands of a project in a folder of their own. */
export interface ProjectCommands {
  run(spec: ProjectCommand): Promise<ProjectCommandResult>;
}
