import type { Installation } from './installation.js';

/** The names of the environment variables that hold the secrets of an installation, each once. */
export function secretNames(installation: Installation): string[] {
  const { chat, forges, storage, trackers, registries, announcements, workers, projects } = installation;
  const names = [
    ...Object.values(projects).flatMap(({ secrets }) => Object.values(secrets).map(({ env }) => env)),
    ...Object.values(storage).flatMap((one) => (one.kind === 's3' ? [one.secretEnv] : [])),
    ...[chat, forges, trackers, registries, announcements, workers].flatMap(namesIn),
  ];
  return [...new Set(names)];
}

// Ids and names: short, known to everybody, and a log without them could not be read.
const open = new Set(['app', 'user']);

/** Every `{ env: NAME }` in what is written, but for what is no secret. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'env' && typeof only[1] === 'string') return [only[1]];
  return entries.flatMap(([key, inner]) => (open.has(key) ? [] : namesIn(inner)));
}
