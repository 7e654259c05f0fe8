import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { NotesSettings } from '../process/kinds/telling.js';
import type { Git, HistoryEntry } from '../services/git/git.js';
import { isOwnBump, notesText } from './notes-text.js';
import { bringIn, newestCommit } from './outputs.js';
import { defineStep, type RunFacts } from './step.js';

interface Output {
  text: string;
  /** Where the notes can be read; '' while nothing publishes them. */
  url: string;
  /** How many changes, as a number in text. */
  count: string;
  /** sha256 of the text. */
  hash: string;
  /** The file of the project that a later commit writes them to, or ''. */
  path: string;
  [key: string]: string;
}

type Config = z.infer<typeof NotesSettings>;

/** More than anybody reads. */
const most = 1_000;

/** Lists what was merged since the last final version. The text is an output, so it is frozen and part of what is approved. */
export const notes = defineStep({
  name: 'notes',
  config: NotesSettings,
  needs: ['git'] as const,
  public: () => 'no',
  effect: () => 'none',
  plan: (config, facts) => {
    refuseMore(config);
    return facts.previous === ''
      ? `Write the notes of ${facts.version}, from the beginning`
      : `Write the notes for ${facts.previous}..${facts.version}`;
  },
  async run({ config, facts, before, blobs, services: { git } }) {
    const newest = newestCommit(before, facts.commit);
    await bringIn({ git, blobs, base: facts.commit }, newest);
    const since = await previousCommit(git, facts);
    if (since !== undefined) await git.fetch([since]);
    const found = await git.history(newest.commit, { since, limit: most, firstParent: true });
    const { text, count, bumps } = notesText(found, facts.project, await forged(git, facts, found));
    const hash = await blobs.put(Buffer.from(text));
    const output: Output = { text, url: '', count: String(count), hash, path: config.file ?? '' };
    const proof = [
      `${count} ${count === 1 ? 'change' : 'changes'}`,
      found.length === most ? `the newest ${most} commits only` : '',
      bumps === 0 ? '' : `${bumps} of our own version commits left out`,
      `sha256:${hash.slice(0, 12)}`,
    ];
    return { result: 'done', output, proof: proof.filter(Boolean).join(', ') };
  },
});

/** What the format knows and this Slipway cannot do yet is refused when it is planned, and never left out in silence. */
function refuseMore({ since, template, sections, edit }: Config): void {
  const more = [
    since === 'candidate' ? 'since: candidate' : '',
    template === undefined ? '' : 'template',
    sections === undefined ? '' : 'sections',
    edit ? 'edit' : '',
  ].filter(Boolean);
  if (more.length === 0) return;
  throw new SlipwayError('config-invalid', `This Slipway cannot write notes with ${more.join(', ')} yet.`, {
    hint: 'Nothing was started. Leave it out in the process, or patch the step "notes".',
  });
}

/**
 * Commits on the default branch that say that a run made them. Where lines have a branch of their own no run commits
 * there: whoever writes our trailer under a change wants it left out of what is approved.
 */
async function forged(
  git: Git,
  { project, branch, defaultBranch }: RunFacts,
  entries: readonly HistoryEntry[],
): Promise<Set<string>> {
  const claimed = entries.filter(({ message }) => isOwnBump(message, project));
  if (claimed.length === 0 || branch === defaultBranch || branch === '') return new Set();
  const { commit: head } = await git.defaultBranch();
  await git.fetch([head]);
  const found = new Set<string>();
  for (const { commit } of claimed) if (await git.isFirstParentAncestor(commit, head)) found.add(commit);
  return found;
}

/** The commit of the last final version's tag; undefined where there is no such version. */
async function previousCommit(git: Git, { previous, version, tag }: RunFacts): Promise<string | undefined> {
  if (previous === '') return undefined;
  const at = tag.lastIndexOf(version);
  const name = at < 0 ? previous : tag.slice(0, at) + previous + tag.slice(at + version.length);
  const there = (await git.remoteRefs([`refs/tags/${name}`])).get(`refs/tags/${name}`);
  if (there !== undefined) return there.commit;
  throw new SlipwayError(
    'commit-moved',
    `The tag ${name} of the version before does not exist on the remote.`,
    {
      hint: 'The notes begin there. Somebody deleted it by hand: push it again, then retry.',
    },
  );
}
