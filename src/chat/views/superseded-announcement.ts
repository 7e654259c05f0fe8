import { bold, line, lines, moment } from '../compose.js';
import type { Message } from '../message.js';
import { announcement } from './announcement.js';
import { told } from './sentences.js';

/** An announcement of a version that another one has replaced. Times in ms. */
export interface SupersededFacts {
  project: string;
  version: string;
  /** The version that replaces it, and when that was released. */
  by: string;
  at: number;
  /** When it was announced, and the text of the announcement as it was said. */
  announcedAt: number;
  text: string;
}

/** The verdict first, then what was announced, word by word. */
export function supersededAnnouncement(facts: SupersededFacts): Message {
  const { project, version, by, at, announcedAt, text } = facts;
  const before = announcement(text);
  const verdict = lines(
    line(bold(`${project} ${version} is superseded by ${by}`), ', ', moment(at), `. Update to ${by}.`),
    line('As announced ', moment(announcedAt), ':'),
  );
  return told({ header: '', mood: 'over', blocks: [verdict, ...before.blocks], buttons: [] });
}
