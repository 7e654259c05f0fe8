import { z } from 'zod';
import { defineKind, PushWhen, StepName } from './kind.js';

const Branch = z.string().min(1);

/** The settings of `branch`. */
export const BranchSettings = z.strictObject({
  name: Branch.optional().describe("Left out: the line's branch."),
  from: Branch.optional().describe("A branch or tag, or `default-branch`; left out: the run's own commit."),
});

/** A new branch. */
export const branch = defineKind({
  name: 'branch',
  about: 'Creates a branch. One that exists is never moved.',
  settings: BranchSettings,
  places: { name: 'ref', from: 'ref' },
  gives: ['branch', 'commit'],
  reach: () => 'branch',
  writes: ({ name }, world) => [`branch:${name ?? world.branch}`],
  plan: 'Create the branch release/v1.2.0 at 1a2b3c4',
  find: 'The branch: done at the same commit, else a person is asked.',
  example: '- uses: branch',
});

/** The settings of `cherry-pick`. */
export const CherryPickSettings = z.strictObject({
  commits: z
    .union([z.string(), z.array(z.string().min(1))])
    .describe('An input of the type `commits`, or a list of commits.'),
  branch: Branch.optional().describe("Left out: the line's branch."),
});

/** Commits of the default branch, on the line. */
export const cherryPick = defineKind({
  name: 'cherry-pick',
  about: 'Picks commits of the default branch onto the line, in the order given.',
  settings: CherryPickSettings,
  places: { commits: 'list', 'commits.*': 'list', branch: 'ref' },
  gives: ['commit'],
  reach: () => 'branch',
  writes: (settings, world) => [`branch:${settings.branch ?? world.branch}`],
  plan: 'Pick 2 commits onto release/v1.2.0',
  find: 'The lines "cherry picked from" and the patch ids on the branch.',
  example: '- uses: cherry-pick\n  commits: "{inputs.commits}"',
});

/** The schema of `commit`. */
export const CommitSettings = z
  .strictObject({
    version: z.literal(true).optional().describe('Write the version into its files.'),
    files: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Ids of earlier steps `notes` whose `file` is written.'),
    edits: z
      .array(z.strictObject({ path: z.string(), insert: z.string().min(1), below: z.string().min(1) }))
      .min(1)
      .optional()
      .describe('Lines to insert below another line of a file.'),
    message: z.string().min(1).describe('The message of the commit.'),
    signoff: z.boolean().default(false).describe('Add "Signed-off-by" for the identity of the bot.'),
    branch: Branch.optional().describe("Left out: the line's branch."),
    push: PushWhen.describe('`after-gate`: make the commit, and leave it to a step `push`.'),
  })
  .refine(({ version, files, edits }) => [version, files, edits].some((it) => it !== undefined), {
    message: 'needs "version", "files" or "edits"',
  });

/** A commit on the line. */
export const commit = defineKind({
  name: 'commit',
  about: 'Makes one commit: the version in its files, files of earlier steps, or small edits.',
  settings: CommitSettings,
  places: {
    message: 'text',
    branch: 'ref',
    'edits.*.path': 'path',
    'edits.*.insert': 'text',
    'edits.*.below': 'text',
  },
  names: { 'files.*': 'step:notes' },
  gives: ['commit'],
  reach: ({ push }) => (push === 'now' ? 'branch' : 'none'),
  writes: (settings, world) => (settings.push === 'now' ? [`branch:${settings.branch ?? world.branch}`] : []),
  plan: 'Commit "Release 1.2.0" to release/v1.2.0',
  find: 'The head of the branch: the very commit that this run makes.',
  example: '- uses: commit\n  id: bump\n  version: true\n  message: Release {version}',
});

/** The settings of `push`. */
export const PushSettings = z.strictObject({
  branch: Branch.optional().describe("Left out: the line's branch."),
});

/** What was committed before the gate. */
export const push = defineKind({
  name: 'push',
  about: 'Pushes the commit that was made before the gate and approved there.',
  settings: PushSettings,
  places: { branch: 'ref' },
  reach: () => 'public',
  writes: (settings, world) => [`branch:${settings.branch ?? world.branch}`],
  plan: 'Push the approved commit to release/v1.2.0',
  find: 'The branch: done at the approved commit.',
  example: '- uses: push',
});

/** The settings of `tag`. */
export const TagSettings = z.strictObject({
  name: z.string().min(1).optional().describe('Left out: `tag` of `version`.'),
  message: z.string().min(1).optional().describe('The message of an annotated tag.'),
  annotated: z.boolean().default(true).describe('`false`: a light one.'),
});

/** A tag. */
export const tag = defineKind({
  name: 'tag',
  about: 'Tags the commit. A tag is never moved and never deleted.',
  settings: TagSettings,
  places: { name: 'ref', message: 'text' },
  gives: ['tag', 'commit'],
  reach: () => 'public',
  plan: 'Tag the commit as v1.2.0',
  find: 'The tag: done at the same commit, else a person is asked.',
  example: '- uses: tag\n  message: Release {version}',
});

/** Takes a branch of this run away. */
export const deleteBranch = defineKind({
  name: 'delete-branch',
  about: 'Deletes a branch that this run has made, if nobody moved it.',
  settings: z.strictObject({ branch: StepName.describe('The id of the step `branch` that made it.') }),
  names: { branch: 'step:branch' },
  reach: () => 'branch',
  plan: 'Delete the branch that this run made',
  find: 'The branch: done if it is gone, a person is asked if it moved.',
  example: '- uses: delete-branch\n  branch: branch\n  always: true',
});
