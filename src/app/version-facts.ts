import type {
  NextFacts,
  PlaceFacts,
  SeriesFacts,
  VersionFacts,
  WrittenFacts,
} from '../chat/views/versions.js';
import { refusal } from '../chat/views/refusal.js';
import { asSlipwayError, SlipwayError } from '../error.js';
import { fillIn } from '../process/placeholders.js';
import { readVersion } from '../process/version-file.js';
import type { VersionPlace } from '../release/plan.js';
import { askLine } from '../release/line-table.js';
import { isCommitTarget, lineId } from '../release/run-id.js';
import { candidatesOf } from '../release/versions/candidates.js';
import { highest, latestFinals, type Place, type Version } from '../release/versions/scheme.js';
import { seriesOfTag } from '../release/versions/tags.js';
import type { Git } from '../services/git/git.js';
import { see, seriesOf, type Branched, type Seen } from './adoption.js';
import type { Project } from './installation.js';
import { lineAsked } from './line-asked.js';
import type { Opened } from './wire.js';

const elsewhere: readonly (readonly [Place, string])[] = [
  ['pypi', 'PyPI'],
  ['docker', 'Docker'],
  ['helm', 'Helm'],
  ['npm', 'npm'],
];

/**
 * All that is known of the versions of a project; reads only. `named`: the version to write for other places, else the
 * next one that an operation would make, else what the file says, else the highest that is released.
 * @throws SlipwayError command-invalid for a version that no series has; git-failed
 */
export async function versionFacts(
  opened: Opened,
  project: Project,
  named: string | undefined,
): Promise<VersionFacts> {
  const all = seriesOf(project.process);
  const asked = named === undefined ? undefined : versionNamed(all, named);
  const git = await opened.services.git(project.name);
  const { commit, name: branch } = await git.defaultBranch();
  const { from, also } = project.process.version;
  const places = await placesOf(git, commit, [...(typeof from === 'string' ? [] : [from]), ...also]);
  const { seen } = await see(git, project.name, project.process);
  const series = await seriesFacts(opened, project, seen);
  const next = await nextFacts(opened, project);
  const shown =
    asked ??
    firstOf(all, [...next.map(({ version }) => version), places[0]?.text ?? '']) ??
    highestOf(all, series);
  return {
    project: project.name,
    branch,
    commit,
    from: typeof from === 'string' ? from : '',
    places,
    series: series.map(({ facts }) => facts),
    next,
    version: shown?.version.text ?? '',
    written: shown === undefined ? [] : writtenFacts(project, shown),
  };
}

interface InSeries {
  series: Branched;
  version: Version;
}

/** The series that a bare version belongs to: by its form, as its tag would be. */
function inSeries(all: readonly Branched[], text: string): InSeries | undefined {
  const bare = all.map((one) => ({ ...one, tag: '{version}' }));
  const found = seriesOfTag(bare, text);
  const series = all.find(({ name }) => name === found?.series.name);
  return found === undefined || series === undefined ? undefined : { series, version: found.version };
}

function versionNamed(all: readonly Branched[], text: string): InSeries {
  const found = inSeries(all, text);
  if (found !== undefined) return found;
  const schemes = all.map(({ scheme }) => scheme.rule.scheme).join(' or ');
  throw new SlipwayError('command-invalid', `"${text}" is no version of the scheme ${schemes}.`, {
    hint: 'Nothing was looked up. Without a version, slipway version shows how they are written here.',
  });
}

function firstOf(all: readonly Branched[], texts: readonly string[]): InSeries | undefined {
  return texts.flatMap((text) => inSeries(all, text) ?? [])[0];
}

function highestOf(all: readonly Branched[], series: readonly { finals: Version[] }[]): InSeries | undefined {
  const [main] = all;
  const best = main === undefined ? undefined : highest(main.scheme, series[0]?.finals ?? []);
  return main === undefined || best === undefined ? undefined : { series: main, version: best };
}

async function placesOf(git: Git, commit: string, places: readonly VersionPlace[]): Promise<PlaceFacts[]> {
  if (places.length > 0) await git.fetch([commit]);
  const read: PlaceFacts[] = [];
  for (const place of places) {
    const { path } = place;
    const at = 'key' in place ? place.key : place.line;
    try {
      const bytes = await git.readFile(commit, path);
      if (bytes === undefined) throw new SlipwayError('not-found', 'the file does not exist');
      const text = readVersion(place, bytes);
      read.push({ path, at, text, problem: '', agrees: text === (read[0]?.text ?? text) });
    } catch (error) {
      read.push({ path, at, text: undefined, problem: reasonOf(error), agrees: false });
    }
  }
  return read;
}

/** Why there is no answer. What may pass by itself, and a bug of ours, is no answer: it is thrown on. */
function reasonOf(error: unknown): string {
  const { message, retryable, code } = asSlipwayError(error);
  if (retryable || code === 'internal') throw error;
  return message;
}

async function seriesFacts(
  opened: Opened,
  project: Project,
  seen: readonly Seen[],
): Promise<{ facts: SeriesFacts; finals: Version[] }[]> {
  const all = seriesOf(project.process);
  const lines = (await opened.services.lines(project.name)).filter(({ target }) => !isCommitTarget(target));
  const standing = lines.flatMap((line) => {
    const found = inSeries(all, line.target);
    return found === undefined ? [] : [{ ...line, ...found }];
  });
  return seen.map(({ series, tags }) => {
    const { name, scheme } = series;
    const own = standing.filter((line) => line.series.name === name);
    const promoted = own.filter((line) => line.promoted).map(({ version }) => version);
    const tagged = tags.map(({ version }) => version).filter((version) => version.candidate === undefined);
    const finals = latestFinals(scheme, [...promoted, ...tagged]);
    const byTag = (version: Version): boolean => !promoted.some((one) => one.line === version.line);
    const facts: SeriesFacts = {
      name,
      scheme: scheme.rule.scheme,
      candidates: candidatesOf(scheme.rule),
      finals: finals.map((version) => ({ text: version.text, byTag: byTag(version) })),
      open: own
        .filter((line) => line.open)
        .toSorted((a, b) => scheme.compare(a.version, b.version))
        .map(({ target, candidate }) => ({ line: target, newest: candidate })),
    };
    return { facts, finals };
  });
}

/** What every operation that makes a version would make now: asked of the planner, so that no second rule exists. */
async function nextFacts(opened: Opened, project: Project): Promise<NextFacts[]> {
  const facts: NextFacts[] = [];
  for (const operation of Object.values(project.process.operations)) {
    if (operation.next.length === 0) continue;
    try {
      const version = await nextVersion(opened, project, operation);
      facts.push({ operation: operation.name, ...version });
    } catch (error) {
      facts.push({ operation: operation.name, version: '', why: reasonOf(error) });
    }
  }
  return facts;
}

async function nextVersion(
  opened: Opened,
  project: Project,
  operation: Project['process']['operations'][string],
): Promise<Omit<NextFacts, 'operation'>> {
  const { engine } = opened;
  // No act has this name, so it is the same as nobody having asked before.
  const request = `slipway version ${operation.name}`;
  const { process } = project;
  const asked = await lineAsked(opened, {
    project: project.name,
    process,
    operation,
    version: undefined,
    request,
  });
  const refused = (
    because: Parameters<typeof refusal>[0],
    target: string,
    line: Parameters<typeof refusal>[3],
  ) => {
    const [why = ''] = refusal(because, project.name, target, line, '');
    return { version: '', why };
  };
  if ('because' in asked) return refused(asked.because, asked.target, asked.line);
  const { kind, target, commit, from } = asked;
  const line = await engine.lines.load(lineId(project.name, target));
  const answer = askLine(line, { kind, operation: operation.name });
  if (answer.answer === 'refuse') return refused(answer.because, target, line);
  if (answer.answer === 'already' || answer.answer === 'show')
    return { version: '', why: `${target} is there already, run ${answer.run}.` };
  const by = { issuer: 'slipway' as const, workspace: '', user: 'slipway', name: 'slipway' };
  const ask = {
    request,
    project: project.name,
    operation: operation.name,
    kind,
    target,
    inputs: {},
    commit,
    from,
    by,
  };
  const { plan } = await engine.planner(ask, line);
  return { version: plan.version, why: '' };
}

function writtenFacts(project: Project, { series, version }: InSeries): WrittenFacts[] {
  const values = { version: version.text, line: version.line, project: project.name };
  const tag = fillIn(series.tag, 'ref', {}, values);
  return [
    { place: 'tag', text: tag, problem: '' },
    ...elsewhere.map(([place, name]) => {
      const written = series.scheme.render(version, place);
      return 'text' in written
        ? { place: name, text: written.text, problem: '' }
        : { place: name, text: '', problem: written.problem };
    }),
  ];
}
