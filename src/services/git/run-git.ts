import { spawn } from 'node:child_process';
import { SlipwayError } from '../../error.js';
import { cleanWords, gitFailure } from './git-failure.js';

/** A program that git asks for user and password: it gets the question as its argument and prints the answer. */
export interface Askpass {
  /** Absolute path of an executable file. */
  program: string;
  /** What it needs to know, such as the token; only git and this program get it. */
  environment: Record<string, string>;
  /** What of it must never be shown. */
  secrets: string[];
}

/** The only variables of ours that git can be given; everything else starts from nothing. */
export interface GitEnvironment {
  PATH?: string;
  HTTPS_PROXY?: string;
  NO_PROXY?: string;
  GIT_SSL_CAINFO?: string;
  SSH_AUTH_SOCK?: string;
}

/** What is the same for all git commands of one repository. */
export interface GitSetting {
  /** The bare repository; undefined for commands that need none. */
  gitDir?: string | undefined;
  environment?: GitEnvironment | undefined;
  /** Lets git speak http, for a server on this machine. */
  allowHttp?: boolean | undefined;
}

/** What differs from command to command. */
export interface GitCall {
  input?: Uint8Array | string;
  /** Only GIT_INDEX_FILE and GIT_WORK_TREE are of use here. */
  environment?: { GIT_INDEX_FILE?: string; GIT_WORK_TREE?: string };
  /** Who answers when the remote asks for credentials; without it nobody does, and the command fails. */
  askpass?: Askpass;
  /** Default 60,000. */
  timeoutMs?: number;
  /** Of stdout, default 64 MB. */
  maxBytes?: number;
  /** Exit codes besides 0 that are answers and not failures. */
  answers?: number[];
  /** Whether the network is involved, so that a time limit is worth another try. */
  isRemote?: boolean;
}

/** How a git command ended. `stderr` is cleaned for showing. */
export interface GitOutput {
  exit: number;
  stdout: Buffer;
  stderr: string;
}

/** A git command bound to one repository. */
export type RunGit = (args: [string, ...string[]], call?: GitCall) => Promise<GitOutput>;

/** Settings that keep git from running or trusting anything that a repository brings along. */
export const safeSettings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=true',
  'core.attributesFile=/dev/null',
  'core.askPass=',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.autocrlf=false',
  'core.quotePath=false',
  'credential.helper=',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'receive.autogc=false',
  'maintenance.auto=false',
  'commit.gpgsign=false',
  'tag.gpgsign=false',
  'push.gpgSign=false',
  'submodule.recurse=false',
  'fetch.writeCommitGraph=false',
  // Only the first request: what a later one would be led to is not what was named. Credentials stay with the first host.
  'http.followRedirects=initial',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
  // The mirror and a bare origin on this machine may belong to another user.
  'safe.directory=*',
];

const defaultPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';
const ssh =
  'ssh -oBatchMode=yes -oControlMaster=no -oControlPath=none -oPermitLocalCommand=no -oClearAllForwardings=yes';

function environmentOf(setting: GitSetting, call: GitCall): Record<string, string> {
  const { PATH, ...passed } = setting.environment ?? {};
  return {
    PATH: PATH ?? defaultPath,
    ...passed,
    ...call.environment,
    ...call.askpass?.environment,
    ...(call.askpass === undefined ? {} : { GIT_ASKPASS: call.askpass.program }),
    // curl would look for a .netrc in the home of our user.
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: setting.allowHttp === true ? 'file:https:ssh:git:http' : 'file:https:ssh:git',
    GIT_SSH_COMMAND: ssh,
    GIT_SSH_VARIANT: 'ssh',
    LC_ALL: 'C',
  };
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    // The whole group: a fetch has helpers (ssh, index-pack) that would go on without it.
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/**
 * Runs one git command without a shell, hooks, system or user configuration. Throws git-failed for every exit code that
 * is neither 0 nor in `answers`, over the time limit, over the output limit, and where git is missing.
 */
export function runGit(
  setting: GitSetting,
  args: [string, ...string[]],
  call: GitCall = {},
): Promise<GitOutput> {
  const command = args[0];
  const timeoutMs = call.timeoutMs ?? 60_000;
  const maxBytes = call.maxBytes ?? 64 * 1024 * 1024;
  const secrets = call.askpass?.secrets ?? [];
  const argv = [
    '--no-pager',
    '--no-replace-objects',
    '--literal-pathspecs',
    ...safeSettings.flatMap((each) => ['-c', each]),
    ...(setting.gitDir === undefined ? [] : [`--git-dir=${setting.gitDir}`]),
    ...args,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('git', argv, {
      cwd: setting.gitDir ?? '/',
      env: environmentOf(setting, call),
      detached: true,
      stdio: 'pipe',
    });
    const out: Buffer[] = [];
    let bytes = 0;
    let words = '';
    let stopped: SlipwayError | undefined;
    let timer: NodeJS.Timeout;

    const stop = (error: SlipwayError): void => {
      if (stopped !== undefined) return;
      stopped = error;
      clearTimeout(timer);
      kill(child.pid, 'SIGTERM'); // lets git remove its lock files
      timer = setTimeout(() => {
        kill(child.pid, 'SIGKILL');
        finish(null);
      }, 3_000);
    };
    const finish = (exit: number | null): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => undefined);
      child.stdout.destroy();
      child.stderr.destroy();
      const stderr = cleanWords(words, secrets);
      if (stopped !== undefined) return reject(stopped);
      if (exit === 0 || (exit !== null && call.answers?.includes(exit) === true)) {
        return resolve({ exit, stdout: Buffer.concat(out), stderr });
      }
      return reject(gitFailure(command, stderr));
    };

    timer = setTimeout(() => {
      const message = `git ${command} took longer than ${Math.round(timeoutMs / 1000)} s and was stopped.`;
      stop(
        new SlipwayError('git-failed', message, {
          retryable: call.isRemote === true,
          hint: 'It is slow or stuck.',
        }),
      );
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) out.push(chunk);
      else
        stop(
          new SlipwayError('git-failed', `git ${command} gave more than ${maxBytes} bytes and was stopped.`),
        );
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (words.length < 100_000) words += chunk.toString('utf8');
    });
    child.on('error', (cause) => {
      stopped = new SlipwayError('git-failed', 'git could not be started.', {
        cause,
        hint: 'Install git 2.38 or newer.',
      });
      finish(null);
    });
    child.on('exit', (exit) => {
      // A helper can outlive git and keep the pipes; what git said itself is there by now.
      clearTimeout(timer);
      timer = setTimeout(() => finish(exit), 5_000);
    });
    child.on('close', finish);
    // git may end without reading everything; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input);
  });
}
