import type { VoteRule } from '../release/vote-rule.js';
import type { Process } from '../process/process-file.js';
import type { InstallationFile } from './installation-file.js';

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
  /** The first that fits the run decides. */
  rules: VoteRule[];
  requesterMayVote: boolean;
  expiresMs: number;
  /** When those who can decide are reminded, in ms after the question was asked. */
  remindMs: number[];
  /** Whom to ask besides, and when, in ms after the question was asked. */
  escalate: { afterMs: number; to: string[] } | undefined;
  /** Roles that may reject. */
  reject: string[];
  /** What this gate comes before: channels, `storage:path`, registries, `branch:name`, step kinds. */
  protects: string[];
}

/** Who may make an exception; `second`: somebody of these roles must agree, if there are any. */
export interface Exception {
  who: string[];
  second: string[];
}

/** Who may do what. What is not said is denied. */
export interface Policy {
  /**
   * Roles that may start an operation, by its name, and roles of which a second person must agree before;
   * `default` stands for those not named.
   */
  operations: Record<string, { start: string[]; confirm: string[] }>;
  /** By the id of the step. */
  gates: Record<string, GateRule>;
  /** Who may skip a step; undefined is nobody. */
  skip: Exception | undefined;
  /** Who may replace what is published; undefined is nobody. */
  force: Exception | undefined;
}

/** A time in which operations are not started. */
export interface Freeze {
  name: string;
  /** IANA zone that its times are read in. */
  zone: string;
  /**
   * `weekly`: minutes since Monday 00:00; an end before the begin is in the next week. `dated`: the time on the wall as
   * if it were UTC, in ms. `said`: by a person, in ms since the epoch.
   */
  window: { kind: 'weekly' | 'dated' | 'said'; from: number; to: number };
  /** Names of operations. */
  blocks: 'all' | string[];
  /** Names of projects; undefined: every one. */
  projects: string[] | undefined;
  /** Roles that may start all the same, with a reason. */
  except: string[];
  /** Who said it; undefined: it stands in slipway.yaml. */
  by?: string;
}

/** Where people are looked for who have a role. */
export type Role = string[] | { in: 'slack-group' | 'discord-role' | 'forge-team' | 'room'; id: string };

/** Somebody, and his accounts. */
export interface PersonSpec {
  name: string;
  slack: string | undefined;
  discord: string | undefined;
  github: string | undefined;
  asana: string | undefined;
  email: string | undefined;
}

/** A place in chats; the ids of each chat that it is in. */
export interface RoomSpec {
  slack: string | undefined;
  discord: string | undefined;
  local: string | undefined;
  /** Only its members know that it exists. */
  private: boolean;
}

/** A secret that a project is granted. */
export interface SecretGrant {
  /** Name of the environment variable. */
  env: string;
  steps: string[];
  /** Operations of these steps; undefined: all. */
  operations: string[] | undefined;
  /** The gate that comes before every such step. */
  after: string | undefined;
}

/** A repository with its process. */
export interface Project {
  name: string;
  /** People of the local workspace may act in it; it has folders and a local repository only. */
  sandbox: boolean;
  /** An absolute path, or an address. */
  repo: string;
  repoIsLocal: boolean;
  /** The path of the process file or preset, absolute. What it extends is in `Installation.files`. */
  processFile: string;
  /** Name of its forge; undefined: the repository's address is written out. */
  forge: string | undefined;
  process: Process;
  /** Name of its policy; '' has none, which denies everything. */
  policy: string;
  room: string;
  /** Rooms that see its releases too. */
  alsoIn: string[];
  /** Where it is talked about what nobody else may know yet. */
  securityRoom: string | undefined;
  /** Who is asked about what: a person by the name that the process uses. */
  contacts: Record<string, string>;
  /** Paths that count for its notes; undefined: all. */
  paths: string[] | undefined;
  /** By the name that the process asks for. */
  secrets: Record<string, SecretGrant>;
}

/** `slipway.yaml` and all process files of its projects: parsed, and right with one another. Paths are absolute. */
export interface Installation {
  file: string;
  /** Every file that it was read from, absolute: whoever keeps it reads anew when one of them changes. */
  files: string[];
  /** Prefixes keys, queues, markers and trailers. */
  name: string;
  team: string | undefined;
  timeZone: string;
  journal: { kind: 'folder'; folder: string } | { kind: 'bucket'; storage: string };
  git: { name: string; email: string };
  /** The user that project commands run as. */
  runAs: string | undefined;
  /** `none`: the operator accepts that project commands run as the bot's own user. */
  isolation: 'none' | undefined;
  /** Who may override the machine, loudly; undefined is nobody. */
  breakGlass: Exception | undefined;
  rooms: Record<string, RoomSpec>;
  people: Record<string, PersonSpec>;
  roles: Record<string, Role>;
  policies: Record<string, Policy>;
  freezes: Freeze[];
  chat: Endpoints['chat'];
  forges: Endpoints['forges'];
  storage: Record<string, StorageSpec>;
  /** Storage that finished runs are archived in. */
  records: string | undefined;
  trackers: Endpoints['trackers'];
  registries: Endpoints['registries'];
  announcements: Endpoints['announcements'];
  /** What runs the steps of a label. */
  workers: Endpoints['workers'];
  projects: Record<string, Project>;
}

type Endpoints = Pick<
  InstallationFile,
  'chat' | 'forges' | 'trackers' | 'registries' | 'announcements' | 'workers'
>;

/** The policy of a project; an empty one, which denies everything, if it has none. */
export function policyOf(
  installation: Pick<Installation, 'policies'>,
  project: Pick<Project, 'policy'>,
): Policy {
  const { policies } = installation;
  const policy = Object.hasOwn(policies, project.policy) ? policies[project.policy] : undefined;
  return policy ?? { operations: {}, gates: {}, skip: undefined, force: undefined };
}

/** What the bot itself does by a policy; `default` does not speak of these. */
export const governedVerbs: readonly string[] = ['point', 'freeze'];

function operationRule(policy: Policy, operation: string): Policy['operations'][string] | undefined {
  const own = Object.hasOwn(policy.operations, operation) ? policy.operations[operation] : undefined;
  return own ?? (governedVerbs.includes(operation) ? undefined : policy.operations['default']);
}

/** The roles that may start an operation. */
export function startersOf(policy: Policy, operation: string): string[] {
  return operationRule(policy, operation)?.start ?? [];
}

/** The roles of which a second person must agree before an operation starts; none: nobody is asked. */
export function confirmersOf(policy: Policy, operation: string): string[] {
  return operationRule(policy, operation)?.confirm ?? [];
}

/** The people who have a role by slipway.yaml. Who has it by a group of somebody else is not known here: nobody. */
export function peopleInRole(roles: Installation['roles'], role: string): string[] {
  const found = Object.hasOwn(roles, role) ? roles[role] : undefined;
  return Array.isArray(found) ? found : [];
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
