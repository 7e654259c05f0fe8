import { z } from 'zod';
import { OneLine, StepId } from '../names.js';
import { defineKind, Names, StepNames } from './kind.js';

/** Checks of the forge on a commit. */
export const checks = defineKind({
  name: 'checks',
  about: 'Requires that the checks of the forge are green on the very commit that is released.',
  settings: z.strictObject({
    of: z
      .literal('default-branch')
      .optional()
      .describe("The newest commits of the default branch instead of the run's own commit."),
    commits: z.int().min(1).max(50).default(1).describe('How many commits, the newest first.'),
    names: Names.optional().describe('Only these checks; left out: every check that reports.'),
  }),
  gives: ['url'],
  reach: () => 'none',
  plan: 'Require green checks on 1a2b3c4',
  find: '',
  example: '- uses: checks\n  of: default-branch\n  commits: 3',
});

/** Open tasks of a tracker. */
export const issues = defineKind({
  name: 'issues',
  about: 'Requires that a list of tasks in a tracker is empty.',
  settings: z.strictObject({
    tracker: z.string().describe('Name of the tracker in `slipway.yaml`.'),
    section: OneLine.optional().describe('A section of its project.'),
    query: OneLine.optional().describe("A search in the tracker's own words."),
    'must-be': z.enum(['none-open', 'none']).default('none-open').describe('What is right.'),
    contact: z.string().optional().describe('The contact of the project who is told of what is open.'),
    'when-unknown': z
      .enum(['ask', 'fail'])
      .default('ask')
      .describe('When the tracker does not answer: a named person confirms by hand, or the step fails.'),
  }),
  names: { tracker: 'tracker', contact: 'contact' },
  gives: ['open'],
  reach: () => 'none',
  plan: 'Require no open task in "Active"',
  find: '',
  example: '- uses: issues\n  tracker: bugs\n  section: Active',
});

/** Results of other steps. */
export const require = defineKind({
  name: 'require',
  about: 'Requires that other steps have passed at this very commit with these very settings, in any run.',
  settings: z.strictObject({
    passed: StepNames.describe(
      'Ids of steps of any operation; `rehearse.here` is all of an include, `rehearse.tests` one step.',
    ),
  }),
  names: { 'passed.*': 'evidence' },
  reach: () => 'none',
  plan: 'Require that tests passed at 1a2b3c4',
  find: '',
  example: '- uses: require\n  passed: [tests, lint]',
});

/** A section or a line in a file of the project. */
export const fileHas = defineKind({
  name: 'file-has',
  about: 'Requires that a file at the commit has a section, or a line.',
  settings: z
    .strictObject({
      path: z.string().describe('A file of the project.'),
      section: z.string().min(1).optional().describe('The words of a heading.'),
      line: z.string().min(1).optional().describe('A whole line.'),
      also: z
        .strictObject({ breaking: z.literal('migration') })
        .optional()
        .describe('A breaking change needs a migration note in the section.'),
    })
    .refine(({ section, line }) => (section === undefined) !== (line === undefined), {
      message: 'needs either "section" or "line"',
    }),
  places: { path: 'path', section: 'text', line: 'text' },
  reach: () => 'none',
  plan: 'Require the section 1.2.0 in CHANGELOG.md',
  find: '',
  example: '- uses: file-has\n  path: CHANGELOG.md\n  section: "{version}"',
});

/** Things that people tick. */
export const checklist = defineKind({
  name: 'checklist',
  about: 'Asks people to tick items, each by somebody of its role.',
  settings: z.strictObject({
    items: z
      .record(
        StepId,
        z.strictObject({
          text: z.string().min(1),
          role: z.string().optional(),
          evidence: z.enum(['none', 'link']).default('none'),
        }),
      )
      .refine((items) => Object.keys(items).length > 0, 'needs an item')
      .describe('`text`, the `role` that ticks it, and `evidence: link` where a link belongs to it.'),
  }),
  places: { 'items.*.text': 'text' },
  names: { 'items.*.role': 'role' },
  reach: () => 'none',
  plan: 'Ask people to tick 3 items',
  find: 'Ticks for the same commit.',
  example: '- uses: checklist\n  items:\n    docs: { text: The manual is up to date, evidence: link }',
});
