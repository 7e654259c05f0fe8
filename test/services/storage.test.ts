import { storageContract } from '../contracts/storage.js';
import { newFolder, removeFolders } from '../contracts/folders.js';
import { startS3, type S3Server } from '../servers/s3.js';

storageContract('storage in a folder', {
  start: async () => ({ root: await newFolder() }),
  stop: removeFolders,
});

let server: S3Server;
storageContract('storage in a bucket', {
  start: async () => {
    server = await startS3();
    return { url: server.url, bucket: 'releases', prefix: 'public/' };
  },
  stop: async () => await server.close(),
});
