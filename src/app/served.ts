import { asSlipwayError } from '../error.js';
import { own } from '../release/own.js';
import type { Pin } from '../release/project-state.js';
import { channelOf } from './archive.js';
import type { Project } from './installation.js';
import type { Opened } from './wire.js';

/** What a channel serves, read back from its storage: '' for nothing, or for bytes that say no version. */
export async function servedBy(
  { engine, services }: Opened,
  project: Project,
  channel: string,
): Promise<{ version: string; pin: Pin | undefined }> {
  const { in: place, files } = channelOf(project, channel);
  const store = await services.storage(place);
  const heads = await Promise.all(Object.values(files).map((key) => store.head(key)));
  const versions = new Set(heads.map((head) => head?.metadata['version'] ?? ''));
  const pin = own((await engine.projects.load(project.name))?.pins ?? {}, channel);
  return { version: [...versions].filter((one) => one !== '').join(' and '), pin };
}

/** A channel as it is now; `problem` where it could not be read. */
export interface ChannelNow {
  project: string;
  channel: string;
  serves: string;
  pin: Pin | undefined;
  problem: string;
}

/** Every channel of every project with what it serves. A storage that does not answer spoils only its own channels. */
export async function channelsNow(opened: Opened): Promise<ChannelNow[]> {
  const { projects } = await opened.installation();
  const all = Object.values(projects).flatMap((project) =>
    Object.keys(project.process.channels).map((channel) => ({ project, channel })),
  );
  return Promise.all(
    all.map(async ({ project, channel }): Promise<ChannelNow> => {
      const name = { project: project.name, channel };
      try {
        const { version, pin } = await servedBy(opened, project, channel);
        return { ...name, serves: version, pin, problem: '' };
      } catch (error) {
        return { ...name, serves: '', pin: undefined, problem: asSlipwayError(error).message };
      }
    }),
  );
}
