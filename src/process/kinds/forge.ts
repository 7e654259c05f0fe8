import { z } from 'zod';
import { defineKind, Names, StepName } from './kind.js';

const Values = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, 'not a name of an input'),
  z.string(),
);

/** A release on the forge. */
export const forgeRelease = defineKind({
  name: 'forge-release',
  about:
    'Publishes a release on the forge with the notes and artifacts. Pre-release and latest follow from the version.',
  settings: z.strictObject({
    title: z.string().min(1).optional().describe('Left out: the tag.'),
    artifacts: Names.optional().describe('Artifacts of the process that are attached.'),
    draft: z.boolean().default(false).describe('Leave it as a draft.'),
  }),
  places: { title: 'text' },
  names: { 'artifacts.*': 'artifact' },
  gives: ['url'],
  reach: () => 'public',
  plan: 'Publish the release v1.2.0',
  find: 'Releases and drafts by the marker of the run; attached files by digest.',
  example: '- uses: forge-release\n  title: Release {version}',
});

/** A workflow of the forge. */
export const workflow = defineKind({
  name: 'workflow',
  about: 'Follows a workflow of the forge to its end, or starts it.',
  settings: z
    .strictObject({
      file: z.string().min(1).describe('Its file in `.github/workflows`.'),
      'started-by': StepName.optional().describe('The id of the step whose effect starts it.'),
      inputs: Values.optional().describe('Start it with these inputs.'),
      'retry-with': Values.optional().describe('Inputs of a retry by dispatch.'),
    })
    .refine((settings) => settings['started-by'] === undefined || settings.inputs === undefined, {
      message: 'has "started-by" or "inputs", not both',
    }),
  places: { 'inputs.*': 'argument', 'retry-with.*': 'argument' },
  names: { 'started-by': 'step' },
  gives: ['url', 'run'],
  reach: (settings) => (settings['started-by'] === undefined ? 'public' : 'none'),
  plan: 'Follow publish-release.yaml',
  find: 'Runs of it since the intent, by commit.',
  example: '- uses: workflow\n  file: release.yml\n  started-by: tag\n  timeout: 3h',
});

/** A security advisory. */
export const advisory = defineKind({
  name: 'advisory',
  about: 'Publishes a security advisory of the forge.',
  settings: z.strictObject({ 'id-of': z.string().min(1).describe('Its id, from an input.') }),
  places: { 'id-of': 'ref' },
  gives: ['url'],
  reach: () => 'public',
  plan: 'Publish the advisory GHSA-xxxx-xxxx-xxxx',
  find: 'Its state.',
  example: '- uses: advisory\n  id-of: "{inputs.advisory}"',
});
