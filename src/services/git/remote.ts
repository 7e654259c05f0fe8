import { SlipwayError } from '../../error.js';
import { checkout } from './checkout.js';
import { cherryPick } from './cherry-pick.js';
import { withCredentials, type Credentials } from './credentials.js';
import { fetchCommits } from './fetch.js';
import type { Git } from './git.js';
import { contains, history, mergedInto, subjects } from './history.js';
import { openMirror } from './mirror.js';
import { checkCommit, checkPath } from './names.js';
import { entriesAt, makeCommit, makeTag, mustBeFile, readCommit } from './objects.js';
import { push } from './push.js';
import { defaultBranch, listRefs, lookUp } from './refs.js';
import { checkUrl, type RemoteUrl } from './remote-url.js';
import { resolve } from './resolve.js';
import { safeSettings, type GitEnvironment, type RunGit } from './run-git.js';

/** What opens a remote repository. */
export interface RemoteSpec {
  url: string;
  /** Folder of the bare mirror; made where it is not there. Processes may share it; projects need not. */
  mirror: string;
  /** Asked for each time that they are used, so that a token which expires can be a new one. For https and http only. */
  credentials?: (() => Promise<Credentials>) | undefined;
  environment?: GitEnvironment | undefined;
  /** The longest that one request to the remote may take, in ms; default 120,000 to look and 900,000 to fetch. */
  timeoutMs?: number | undefined;
}

/** The end of options and the address, after what makes git run its other half safely where it is on this machine. */
function remoteArguments({ kind, url }: RemoteUrl, half: 'upload-pack' | 'receive-pack'): string[] {
  if (kind !== 'file') return ['--end-of-options', url];
  // Settings given with -c do not reach the other half by themselves. Without them it would run hooks of the origin as
  // our own user, and refuse an origin of another user. git hands this line to a shell; it holds constants only.
  const settings = safeSettings.map((each) => `-c '${each}'`).join(' ');
  return [`--${half}=git ${settings} ${half}`, '--end-of-options', url];
}

/** Says it clearly when a command failed because an object is not here yet. */
async function withObjects<T>(run: RunGit, shas: string[], work: () => Promise<T>): Promise<T> {
  for (const sha of shas) checkCommit(sha);
  try {
    return await work();
  } catch (error) {
    const { stdout } = await run(['cat-file', '--batch-check'], {
      input: shas.map((sha) => `${sha}\n`).join(''),
    });
    const missing = /^([0-9a-f]{40}) missing$/m.exec(stdout.toString())?.[1];
    if (missing === undefined) throw error;
    throw new SlipwayError('git-failed', `Commit ${missing} is not in the local mirror.`, {
      cause: error,
      hint: 'Fetch it from the remote, or take in the pack of the machine that made it.',
    });
  }
}

function linesOf(bytes: Buffer, end: string): string[] {
  return bytes.toString().split(end).filter(Boolean);
}

/** Commands for the mirror; those that ask the remote get its time limit, and credentials where it wants some. */
function withRemote(run: RunGit, spec: RemoteSpec, remote: RemoteUrl): RunGit {
  const { credentials, timeoutMs } = spec;
  const isAsked = remote.kind === 'https' || remote.kind === 'http';
  return async (args, call = {}) => {
    if (call.isRemote !== true) return run(args, call);
    const limited =
      timeoutMs === undefined
        ? call
        : { ...call, timeoutMs: Math.min(timeoutMs, call.timeoutMs ?? timeoutMs) };
    if (credentials === undefined || !isAsked) return run(args, limited);
    return withCredentials(spec.mirror, remote, await credentials(), (askpass) =>
      run(args, { ...limited, askpass }),
    );
  };
}

/** Opens a remote through a local bare mirror; see the port for what it does. The remote is not asked yet. */
export async function openGit(spec: RemoteSpec): Promise<Git> {
  const remote = checkUrl(spec.url);
  const { mirror, environment } = spec;
  const local = await openMirror(mirror, { environment, allowHttp: remote.kind === 'http' });
  const run = withRemote(local, spec, remote);
  const reading = remoteArguments(remote, 'upload-pack');
  const writing = remoteArguments(remote, 'receive-pack');
  const place = { run, remote: reading };
  const remoteRefs: Git['remoteRefs'] = (refs) => lookUp(place, refs);

  return {
    address: remote.url,
    remoteRefs,

    defaultBranch: () => defaultBranch(place),
    tags: (prefix) => listRefs(place, 'tags', prefix),
    branches: (prefix) => listRefs(place, 'heads', prefix),
    resolve: (name) => resolve(place, name),
    fetch: (commits) => fetchCommits(place, commits),

    contains: (commit, head) => withObjects(run, [commit, head], () => contains(run, commit, head)),
    mergedInto: (commit, heads) => withObjects(run, [commit, ...heads], () => mergedInto(run, commit, heads)),
    history: (head, options) =>
      withObjects(run, options.since === undefined ? [head] : [options.since, head], () =>
        history(run, head, options),
      ),

    isFirstParentAncestor: (commit, head) =>
      withObjects(run, [commit, head], async () => {
        // The whole list: limited walks of git can be wrong where the clocks of committers were.
        const args = ['rev-list', '--first-parent', '--end-of-options', head] as const;
        const { stdout } = await run([...args], { maxBytes: 512 * 1024 * 1024 });
        return stdout.includes(`${commit}\n`);
      }),

    readFile: (commit, path) =>
      withObjects(run, [commit], async () => {
        const [entry] = await entriesAt(run, commit, [checkPath(path)]);
        if (entry === undefined) return undefined;
        mustBeFile(entry);
        return (await run(['cat-file', 'blob', entry.sha])).stdout;
      }),

    readCommit: (commit) => withObjects(run, [commit], () => readCommit(run, commit)),
    makeCommit: (made) => withObjects(run, [made.parent], () => makeCommit(run, mirror, made)),
    cherryPick: (made) => withObjects(run, [made.onto, ...made.commits], () => cherryPick(run, made)),
    makeTag: (made) => withObjects(run, [made.commit], () => makeTag(run, made)),

    push: (updates) => {
      const shas = updates.map((update) => update.to);
      return withObjects(run, shas, () => push({ run, remote: writing, remoteRefs }, updates));
    },

    pack: (commit, base) =>
      withObjects(run, [commit, base], async () => {
        const args = [
          'pack-objects',
          '--revs',
          '--stdout',
          '--thin',
          '--delta-base-offset',
          '--quiet',
        ] as const;
        return (await run([...args], { input: `${commit}\n^${base}\n`, maxBytes: 512 * 1024 * 1024 })).stdout;
      }),

    async takeIn(pack) {
      try {
        await run(['index-pack', '--stdin', '--fix-thin'], { input: pack, timeoutMs: 300_000 });
      } catch (error) {
        if (!(error instanceof SlipwayError) || !error.message.includes('unresolved delta')) throw error;
        throw new SlipwayError('git-failed', 'The pack builds on a commit that is not in the local mirror.', {
          cause: error,
          hint: 'Fetch the commit that it was packed against, then take it in again.',
        });
      }
    },

    checkout: (commit, folder) => withObjects(run, [commit], () => checkout(run, mirror, commit, folder)),

    subjects: (from, to) =>
      withObjects(run, from === undefined ? [to] : [from, to], () => subjects(run, from, to)),

    changedPaths: (from, to) =>
      withObjects(run, [from, to], async () => {
        const options = ['-r', '-z', '--no-renames', '--name-only', '--no-ext-diff', '--end-of-options'];
        return linesOf((await run(['diff-tree', ...options, from, to])).stdout, '\0');
      }),
  };
}
