import { z } from 'zod';
import { serveRace } from './children.js';
import { openStorage, placeShape } from './places.js';

const jobShape = z.object({ place: placeShape, key: z.string(), times: z.number() });

// Counts a pointer up, as a channel is moved: read, decide, write if it is still the same.
serveRace(async (job, tell) => {
  const { place, key, times } = jobShape.parse(job);
  const storage = await openStorage(place);
  for (let done = 0; done < times;) {
    const standing = await storage.head(key);
    if (standing === undefined) throw new Error('The pointer is gone.');
    const version = Number(standing.metadata['version']) + 1;
    const body = Buffer.from(`version ${version}\n`);
    const answer = await storage.replace(key, body, { version: String(version) }, standing.etag);
    if (answer === 'changed') continue;
    done += 1;
    tell({ version });
  }
});
