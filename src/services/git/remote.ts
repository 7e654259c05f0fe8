import { SlipwayError } from '../../error.js';
import { checkout } from './checkout.js';
import { fetchCommits } from './fetch.js';
import type { Git } from './git.js';
import { openMirror } from './mirror.js';
import { checkCommit, checkPath, checkRef } from './names.js';
import { entriesAt, makeCommit, makeTag, mustBeFile, readCommit } from './objects.js';
import { push } from './push.js';
import { checkUrl, type RemoteUrl } from './remote-url.js';
import { safeSettings, type Askpass, type GitEnvironment, type RunGit } from './run-git.js';

/** What opens a remote repository. */
export interface RemoteSpec {
  url: string;
  /** Folder of the bare mirror; made where it is not there. Processes may share it; projects need not. */
  mirror: string;
  askpass?: Askpass | undefined;
  environment?: GitEnvironment | undefined;
  /** Lets git speak http with this machine, for tests. */
  allowHttp?: boolean | undefined;
}

const network = { isRemote: true, timeoutMs: 120_000 };

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

/** Opens a remote through a local bare mirror; see the port for what it does. The remote is not asked yet. */
export async function openGit(spec: RemoteSpec): Promise<Git> {
  const remote = checkUrl(spec.url, spec.allowHttp);
  const { mirror, environment, askpass, allowHttp } = spec;
  const run = await openMirror(mirror, { environment, askpass, allowHttp });
  const reading = remoteArguments(remote, 'upload-pack');
  const writing = remoteArguments(remote, 'receive-pack');

  /** Asks the remote; only exactly these names are kept, since ls-remote matches the ends of names. */
  async function lsRemote(names: string[], options: string[] = []): Promise<[string, string][]> {
    const { stdout } = await run(['ls-remote', ...options, ...reading, ...names], network);
    return linesOf(stdout, '\n').flatMap((line): [string, string][] => {
      const [value, name] = line.split('\t');
      return value !== undefined && name !== undefined && names.includes(name) ? [[name, value]] : [];
    });
  }

  const remoteRefs: Git['remoteRefs'] = async (refs) => {
    const found = new Map<string, { object: string; commit: string }>();
    if (refs.length === 0) return found;
    const names = refs
      .map(checkRef)
      .flatMap((ref) => (ref.startsWith('refs/tags/') ? [ref, `${ref}^{}`] : [ref]));
    const answers = new Map(await lsRemote(names));
    for (const ref of refs) {
      const object = answers.get(ref);
      if (object === undefined) continue;
      found.set(ref, {
        object: checkCommit(object),
        commit: checkCommit(answers.get(`${ref}^{}`) ?? object),
      });
    }
    return found;
  };

  return {
    address: remote.url,
    remoteRefs,

    async defaultBranch() {
      const answers = await lsRemote(['HEAD'], ['--symref']);
      const ref = answers.map(([, value]) => /^ref: (refs\/heads\/.+)$/.exec(value)?.[1]).find(Boolean);
      const commit = answers.map(([, value]) => value).find((value) => /^[0-9a-f]{40}$/.test(value));
      if (ref === undefined || commit === undefined) {
        throw new SlipwayError('git-failed', 'The remote has no default branch, or it has no commit yet.', {
          hint: 'Push a first commit, and let HEAD of the remote name a branch.',
        });
      }
      return { name: checkRef(ref).slice('refs/heads/'.length), commit };
    },

    fetch: (commits) => fetchCommits({ run, remote: reading }, commits),

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
      withObjects(run, from === undefined ? [to] : [from, to], async () => {
        const range = from === undefined ? [to] : [to, `^${from}`];
        const options = ['--first-parent', '--no-commit-header', '--format=%H %s'];
        if (from === undefined) options.push('--max-count=1000');
        const { stdout } = await run(['rev-list', ...options, '--end-of-options', ...range]);
        return linesOf(stdout, '\n').map((line) => ({ commit: line.slice(0, 40), subject: line.slice(41) }));
      }),

    changedPaths: (from, to) =>
      withObjects(run, [from, to], async () => {
        const options = ['-r', '-z', '--no-renames', '--name-only', '--no-ext-diff', '--end-of-options'];
        return linesOf((await run(['diff-tree', ...options, from, to])).stdout, '\0');
      }),
  };
}
