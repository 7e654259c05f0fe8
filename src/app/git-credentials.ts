import type { Environment } from '../config.js';
import type { Credentials } from '../services/git/credentials.js';
import type { Installation, Project } from './installation.js';

/**
 * What a project's forge is told so that it knows us; undefined where nothing is to be told. Credentials go to the forge's
 * own address and nowhere else: a repository whose address is written out may be on any other server.
 * Read anew each time, so that a token that was changed counts at once.
 */
export function gitCredentials(
  { forges }: Pick<Installation, 'forges'>,
  project: Pick<Project, 'forge' | 'repo'>,
  environment: Pick<Environment, 'secret' | 'setting'>,
): (() => Promise<Credentials>) | undefined {
  const forge = project.forge === undefined ? undefined : forges[project.forge];
  if (forge === undefined || forge.kind === 'github-app') return undefined;
  if (originOf(project.repo) !== originOf(forge.url ?? 'https://github.com')) return undefined;
  const { token } = forge;
  if (forge.kind === 'github-token')
    return async () => ({ user: 'x-access-token', password: environment.secret(token.env) });
  const { user } = forge;
  return async () => ({
    user: environment.setting(user.env),
    password: environment.secret(token.env),
  });
}

function originOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url === undefined || !/^https?:$/.test(url.protocol) ? undefined : url.origin;
}
