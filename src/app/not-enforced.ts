import type { NotEnforced as Note } from '../chat/views/validated.js';
import { triggerGaps } from '../process/load-process.js';
import { triggerRole } from './people-checks.js';
import type { Installation, Project } from './installation.js';

/** What slipway.yaml may say and this Slipway does not do yet. None of it lets anybody do more than is written. */
export function notEnforced(installation: Installation): Note[] {
  const { chat, records, breakGlass, freezes, projects } = installation;
  return [
    ...namesOf('chat', chat, 'the bot is not in this chat: nobody can act or vote there'),
    ...Object.entries(installation.forges).map(([name, { kind }]) => ({
      at: `forges.${name}`,
      text:
        kind === 'github-app'
          ? 'git does not log in as an app; give a token'
          : 'only git uses it: checks, pull requests and releases there are not looked at or made',
    })),
    ...namesOf('trackers', installation.trackers, 'nothing looks at it'),
    ...namesOf('registries', installation.registries, 'nothing is published there'),
    ...namesOf('announcements', installation.announcements, 'nothing is sent there'),
    ...Object.entries(installation.workers).flatMap(([label, { kind }]) =>
      kind === 'worker' ? [] : [{ at: `workers.${label}`, text: 'no step is sent there' }],
    ),
    ...(records === undefined ? [] : [{ at: 'records', text: 'finished runs stay in the journal only' }]),
    ...(breakGlass === undefined ? [] : [{ at: 'break-glass', text: 'nobody can override' }]),
    ...roomNotes(installation),
    ...roleNotes(installation),
    ...policyNotes(installation),
    ...(freezes.length === 0
      ? []
      : [
          {
            at: 'freezes',
            text: 'a freeze stops what would be started, and what waits in a queue; what runs goes on',
          },
        ]),
    ...Object.values(projects).flatMap(projectNotes),
  ];
}

function namesOf(section: string, entries: object | undefined, text: string): Note[] {
  return Object.entries(entries ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [{ at: `${section}.${name}`, text }],
  );
}

function roomNotes({ rooms }: Installation): Note[] {
  return Object.entries(rooms).flatMap(([name, { slack, discord }]) =>
    slack === undefined && discord === undefined
      ? []
      : [{ at: `rooms.${name}`, text: 'what is said there stands in the local workspace only' }],
  );
}

const groups = {
  'slack-group': 'Slack',
  'discord-role': 'Discord',
  'forge-team': 'a forge',
  room: 'a chat',
};

function roleNotes({ roles }: Installation): Note[] {
  return Object.entries(roles).flatMap(([name, role]) =>
    Array.isArray(role)
      ? []
      : [{ at: `roles.${name}`, text: `nobody has this role: ${groups[role.in]} is not asked who is in it` }],
  );
}

function policyNotes({ policies, projects }: Installation): Note[] {
  const all = Object.values(projects);
  return Object.entries(policies).flatMap(([name, { operations, gates }]): Note[] => {
    const known = all
      .filter((project) => project.policy === name)
      .flatMap(({ process }) => Object.keys(process.operations));
    if (known.length === 0) return [];
    const at = `policies.${name}`;
    return [
      ...Object.entries(operations).flatMap(([operation, { start }]) =>
        start.includes(triggerRole) && (known.includes(operation) || operation === 'default')
          ? [
              {
                at: `${at}.operations.${operation}`,
                text: 'no trigger starts it; people do by their roles only',
              },
            ]
          : [],
      ),
      ...Object.entries(gates).flatMap(([gate, { escalate }]) =>
        escalate === undefined ? [] : [{ at: `${at}.gates.${gate}.escalate`, text: 'nobody else is asked' }],
      ),
    ];
  });
}

function projectNotes(project: Project): Note[] {
  const at = `projects.${project.name}`;
  return [
    ...(project.sandbox
      ? []
      : [{ at, text: 'nobody can act in it: no chat and no forge says who somebody is' }]),
    ...(project.securityRoom === undefined
      ? []
      : [{ at: `${at}.security-room`, text: 'what is private until a step cannot be started' }]),
    ...triggerGaps(project.process).map(({ operation, what }) => ({
      at: `${at}: ${operation}`,
      text: `nothing watches for ${what}; people start it`,
    })),
    ...(project.paths === undefined ? [] : [{ at: `${at}.paths`, text: 'its notes count every path' }]),
  ];
}
