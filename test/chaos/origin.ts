import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { commitFile, git } from '../services/git-origin.js';
import { killed, startProgram } from './processes.js';
import { namesOf } from './release-plan.js';
import { until } from './until.js';

/** A real bare repository behind `git daemon`. Its hooks make every push late and can kill who pushed. */
export interface Origin {
  url: string;
  /** The commit that every run starts from. */
  commit: string;
  /** How often the refs of a run were written: each branch update and each tag. */
  written(target: string): Promise<OriginWrites>;
  stop(): Promise<void>;
}

export interface OriginWrites {
  branches: number;
  commits: number;
  tags: number;
}

/** Finds out whose push it is, and kills him if the trap of this point is set. */
const shared = (folder: string): string => `
spring() {
  case "$ref" in
    refs/heads/release/*)
      target="\${ref#refs/heads/release/}"
      step=commit
      [ "$old" = 0000000000000000000000000000000000000000 ] && step=branch ;;
    refs/tags/v*)
      target="\${ref#refs/tags/v}"
      target="\${target%rc1}"
      step=tag ;;
    *) return 0 ;;
  esac
  run="chaos_\${target}_cut_1"
  trap="$run~$step~$1~kill"
  [ -e "${folder}/traps/$trap" ] || return 0
  pid=$(cat "${folder}/senders/$run~$step")
  mv "${folder}/traps/$trap" "${folder}/sprung/$trap~$pid" && kill -9 "$pid"
}
`;

/** Late by up to a quarter of a second, by the name of the ref: the same each time, and different from ref to ref. */
const preReceive = (folder: string): string => `#!/bin/sh
${shared(folder)}
while read -r old new ref; do
  spring in-flight
  sum=$(printf '%s' "$ref$old" | cksum | cut -d ' ' -f 1)
  sleep "0.$(printf '%03d' $((sum % 250)))"
done
exit 0
`;

/** After the refs are written and before git is told so. */
const postReceive = (folder: string): string => `#!/bin/sh
${shared(folder)}
while read -r old new ref; do
  spring after-effect
done
exit 0
`;

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Makes the repository below `folder` and serves it. */
export async function startOrigin(folder: string): Promise<Origin> {
  const root = join(folder, 'origin');
  const bare = join(root, 'origin.git');
  await mkdir(root, { recursive: true });
  await mkdir(join(folder, 'senders'), { recursive: true });
  git(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(bare, 'config', 'core.logAllRefUpdates', 'always');
  const work = join(root, 'work');
  git(root, 'init', '--quiet', '--initial-branch=main', work);
  git(work, 'remote', 'add', 'origin', bare);
  const commit = commitFile(work, 'package.json', '{ "name": "chaos", "version": "0.0.0" }\n', 'feat: begin');
  git(work, 'push', '--quiet', 'origin', 'main');
  await hook(bare, 'pre-receive', preReceive(folder));
  await hook(bare, 'post-receive', postReceive(folder));

  const port = await freePort();
  const log = join(folder, 'log', 'git-daemon.log');
  const address = ['--listen=127.0.0.1', `--port=${port}`, '--reuseaddr'];
  const daemon = startProgram(
    'git',
    ['daemon', '--verbose', '--export-all', '--enable=receive-pack', `--base-path=${root}`, ...address],
    { log, env: environment },
  );
  await until('git daemon listens', 10_000, async () =>
    (await readFile(log, 'utf8')).includes('Ready to rumble') ? true : undefined,
  );
  return {
    url: `git://127.0.0.1:${port}/origin.git`,
    commit,
    async written(target) {
      const { branch, tag } = namesOf(target);
      const heads = await reflog(bare, `refs/heads/${branch}`);
      const branches = heads.filter((line) => /^0{40} /.test(line)).length;
      return {
        branches,
        commits: heads.length - branches,
        tags: (await reflog(bare, `refs/tags/${tag}`)).length,
      };
    },
    stop: () => killed(daemon),
  };
}

async function hook(bare: string, name: string, text: string): Promise<void> {
  const file = join(bare, 'hooks', name);
  await mkdir(join(bare, 'hooks'), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o755);
}

async function reflog(bare: string, ref: string): Promise<string[]> {
  const text = await readFile(join(bare, 'logs', ref), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}
