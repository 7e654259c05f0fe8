import { z } from 'zod';
import { serveRace } from './children.js';
import { openRecords, placeShape } from './places.js';

const jobShape = z.object({ place: placeShape, prefix: z.string(), writer: z.number(), events: z.number() });

// Appends events to one stream, as the engine does: the number after the last one known, until one is free.
serveRace(async (job, tell) => {
  const { place, prefix, writer, events } = jobShape.parse(job);
  const records = await openRecords(place);
  let n = 1;
  for (let event = 1; event <= events; event += 1) {
    const body = Buffer.from(JSON.stringify({ writer, event, filler: 'x'.repeat(300) }));
    while (!(await records.create(`${prefix}${String(n).padStart(6, '0')}`, body))) n += 1;
    tell({ n, event });
    n += 1;
  }
});
