import { storageContract } from '../contracts/storage.js';
import { newFolder, removeFolders } from '../contracts/folders.js';
import { startS3, type S3Server } from '../servers/s3.js';

storageContract('storage in a folder', {
  start: async () => ({ root: await newFolder() }),
  stop: removeFolders,
});

let server: S3Server;

/** What servers of buckets that are there do not do; a storage must work with all of them. */
const lacks: [string, (server: S3Server) => void][] = [
  ['', () => undefined],
  [
    ' that ignores conditions at the end of uploads in parts',
    ({ ignores }) => void ignores.add('complete-create').add('complete-replace'),
  ],
  [' that ignores conditions of a PUT', ({ ignores }) => void ignores.add('put-create').add('put-replace')],
  [' that ignores checksums', (one) => void (one.checksums = 'ignored')],
  [' that refuses checksums', (one) => void (one.checksums = 'refused')],
];

for (const [what, lack] of lacks) {
  storageContract(`storage in a bucket${what}`, {
    start: async () => {
      server = await startS3();
      lack(server);
      return { url: server.url, bucket: 'releases', prefix: 'public/', partBytes: 5 * 1024 ** 2 };
    },
    stop: async () => await server.close(),
  });
}
