import { z } from 'zod';
import { OneLine } from '../names.js';
import { defineKind, Names } from './kind.js';

/** The settings of `notes`. */
export const NotesSettings = z.strictObject({
  since: z
    .enum(['final', 'candidate'])
    .default('final')
    .describe('The last final version below this one, or the candidate before.'),
  file: z.string().min(1).optional().describe('The file of the project that a later `commit` writes.'),
  template: z.string().min(1).optional().describe('A template of the project.'),
  sections: z.array(OneLine).min(1).optional().describe('Headings, in their order.'),
  edit: z.boolean().default(false).describe('People may edit them until they are approved.'),
});

/** Release notes. */
export const notes = defineKind({
  name: 'notes',
  about: 'Writes the release notes from what was merged since the version before, and freezes them.',
  settings: NotesSettings,
  places: { file: 'path', template: 'path' },
  gives: ['url'],
  reach: () => 'none',
  plan: 'Write the notes for 1.1.0..1.2.0',
  find: 'The frozen text of this line and range.',
  example: '- uses: notes\n  since: final',
});

/** The settings of `announce`. */
export const AnnounceSettings = z.strictObject({
  to: Names.describe('Rooms and announcements of `slipway.yaml`.'),
  text: z.string().min(1).describe('What it says.'),
});

/** A message. */
export const announce = defineKind({
  name: 'announce',
  about: 'Says something in rooms and in other places, once in each.',
  settings: AnnounceSettings,
  places: { text: 'text' },
  names: { 'to.*': 'audience' },
  gives: ['urls'],
  reach: () => 'public',
  plan: 'Say in releases: "1.2.0 is out."',
  find: 'A message with the marker of the run.',
  example: '- uses: announce\n  to: [releases]\n  text: "{version} is out."',
});

/** Corrects what was said. */
export const correct = defineKind({
  name: 'correct',
  about: 'Marks what was announced about a version, so that nobody takes it any more.',
  settings: z.strictObject({
    mark: z.enum(['broken', 'superseded']).describe('What it is now.'),
    text: z.string().min(1).describe('What stands above the old message.'),
  }),
  places: { text: 'text' },
  reach: () => 'public',
  plan: 'Mark what was said about 1.2.0 as broken',
  find: 'The text of those messages.',
  example: '- uses: correct\n  mark: broken\n  text: "{version} is broken: {inputs.what}"',
});
