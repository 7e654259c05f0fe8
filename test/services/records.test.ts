import { recordsContract } from '../contracts/records.js';
import { startS3, type S3Server } from '../servers/s3.js';
import { newFolder, removeFolders } from '../contracts/folders.js';

recordsContract('records in a folder', {
  start: async () => ({ root: await newFolder() }),
  stop: removeFolders,
  events: 300,
});

let server: S3Server;
recordsContract('records in a bucket', {
  start: async () => {
    server = await startS3({ buckets: ['journal'] });
    return { url: server.url, bucket: 'journal', prefix: 'one/place/' };
  },
  stop: async () => await server.close(),
  events: 100,
});
