import { supersededAnnouncement } from '../../chat/views/superseded-announcement.js';
import type { RunState } from '../../release/run-state.js';
import { supersededAnnouncements } from '../superseded-announcements.js';
import type { Opened } from '../wire.js';
import type { Wanted } from './wanted.js';

/** Announcements that a run has made old say so where they stand. */
export async function wantedSuperseded(opened: Opened, run: RunState): Promise<Wanted[]> {
  return (await supersededAnnouncements(opened, run)).map(({ room, marker, facts }) => ({
    room,
    marker,
    message: supersededAnnouncement(facts),
    how: 'if-there',
  }));
}
