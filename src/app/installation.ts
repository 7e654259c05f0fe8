import type { Process } from '../process/process-file.js';

/** Where a project's releases are kept. */
export type StorageSpec =
  | { kind: 'folder'; folder: string }
  | {
      kind: 's3';
      bucket: string;
      /** Put before every key, without slashes at its ends; '' for none. */
      prefix: string;
      region: string | undefined;
      /** Address of the server; undefined is AWS_ENDPOINT_URL_S3 or Amazon's. */
      endpoint: string | undefined;
      /** Names of environment variables. */
      keyIdEnv: string;
      secretEnv: string;
    };

/** What opens a gate. Without a rule nobody can. */
export interface GateRule {
  /** The first rule decides: `need` distinct people of these roles. */
  rules: { need: number; of: string[] }[];
  requesterMayVote: boolean;
  expiresMs: number;
  /** Roles that may reject. */
  reject: string[];
  /** Channels and step kinds that this gate comes before. */
  protects: string[];
}

/** Who may do what. What is not said is denied. */
export interface Policy {
  /** Roles that may start an operation, by its name; `default` stands for those not named. */
  operations: Record<string, { start: string[] }>;
  /** By the id of the step. */
  gates: Record<string, GateRule>;
  /** Who may skip a step; undefined is nobody. `second`: somebody of these roles must agree, if there are any. */
  skip: { who: string[]; second: string[] } | undefined;
}

/** A repository with its process. */
export interface Project {
  name: string;
  /** People of the local workspace may act in it; it has folders and a local repository only. */
  sandbox: boolean;
  /** An absolute path, or an address. */
  repo: string;
  repoIsLocal: boolean;
  /** The process file's path, absolute. */
  processFile: string;
  process: Process;
  /** Name of its policy; '' has none, which denies everything. */
  policy: string;
  room: string;
  /** By the name that the process asks for. */
  secrets: Record<string, { env: string; steps: string[]; after: string | undefined }>;
}

/** `slipway.yaml` and all process files of its projects: parsed, and right with one another. Paths are absolute. */
export interface Installation {
  file: string;
  name: string;
  timeZone: string;
  journal: { kind: 'folder'; folder: string } | { kind: 'bucket'; storage: string };
  git: { name: string; email: string };
  /** The user that project commands run as. */
  runAs: string | undefined;
  /** `none`: the operator accepts that project commands run as the bot's own user. */
  isolation: 'none' | undefined;
  rooms: Record<string, { local: string }>;
  people: Record<string, { name: string }>;
  roles: Record<string, string[]>;
  policies: Record<string, Policy>;
  storage: Record<string, StorageSpec>;
  projects: Record<string, Project>;
}

/** The policy of a project; an empty one, which denies everything, if it has none. */
export function policyOf(
  installation: Pick<Installation, 'policies'>,
  project: Pick<Project, 'policy'>,
): Policy {
  const { policies } = installation;
  const policy = Object.hasOwn(policies, project.policy) ? policies[project.policy] : undefined;
  return policy ?? { operations: {}, gates: {}, skip: undefined };
}

/** The roles that may start an operation. */
export function startersOf(policy: Policy, operation: string): string[] {
  const own = Object.hasOwn(policy.operations, operation) ? policy.operations[operation] : undefined;
  return (own ?? policy.operations['default'])?.start ?? [];
}

/**
 * Whether commands of a project may run at all: as another user, or in a sandbox, or because the operator accepts the
 * risk. Otherwise project code could read the bot's secrets.
 */
export function mayRunCommands(
  installation: Pick<Installation, 'runAs' | 'isolation'>,
  project: Pick<Project, 'sandbox'>,
): boolean {
  return installation.runAs !== undefined || installation.isolation === 'none' || project.sandbox;
}
