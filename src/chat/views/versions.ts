import { plain } from './plain.js';

/** How many versions are named in a row; older ones are counted. */
const most = 10;

/** A place in a file that holds the version. `text`: what it says; undefined: it cannot be read, and `problem` says why. */
export interface PlaceFacts {
  path: string;
  /** The path of keys, or the pattern of the line. */
  at: string;
  text: string | undefined;
  problem: string;
  /** Whether it says the same as the first place. */
  agrees: boolean;
}

/** One series of a project: `main`, or lines beside it. */
export interface SeriesFacts {
  name: string;
  scheme: string;
  /** Long words of the candidates that it can have. */
  candidates: string[];
  /** The highest final version of each family, lowest first. `byTag`: only a tag says so, no journal. */
  finals: { text: string; byTag: boolean }[];
  /** Lines that are open; `newest` is '' where there is no candidate. */
  open: { line: string; newest: string }[];
}

/** What an operation would make, or why it makes nothing now. */
export interface NextFacts {
  operation: string;
  version: string;
  why: string;
}

/** A version as it is written in a place. */
export interface WrittenFacts {
  place: string;
  text: string;
  problem: string;
}

/** All that is known of the versions of a project. */
export interface VersionFacts {
  project: string;
  branch: string;
  commit: string;
  /** Where the version is read if in no file: `tags` or `clock`; '' where a file says it. */
  from: string;
  places: PlaceFacts[];
  series: SeriesFacts[];
  next: NextFacts[];
  /** '' where there is no version to write. */
  version: string;
  written: WrittenFacts[];
}

/** The versions of a project: what files say, what is released and open, what comes next, how it is written elsewhere. */
export function versionLines(facts: VersionFacts): string[] {
  const { project, series, next, version, written } = facts;
  return [
    ...series.flatMap((one) => seriesLines(project, one, series.length > 1)),
    ...placeLines(facts),
    ...(next.length === 0 ? [] : ['Next']),
    ...next.map((one) =>
      one.version === ''
        ? `  ▫️ ${one.operation} · nothing: ${plain(one.why)}`
        : `  ▶ ${one.operation} · ${one.version}`,
    ),
    ...(version === '' ? [] : [`${plain(version)} is written`]),
    ...table(
      written.map(({ place, text, problem }) => [place, text === '' ? `⚠️ ${plain(problem)}` : plain(text)]),
    ),
  ];
}

function seriesLines(project: string, series: SeriesFacts, several: boolean): string[] {
  const { name, scheme, candidates, finals, open } = series;
  const what = candidates.length === 0 ? 'no candidates' : `candidates ${candidates.join(', ')}`;
  const shown = finals.slice(-most).map(({ text, byTag }) => (byTag ? `${text} (by tag only)` : text));
  const older = finals.length - shown.length;
  const lines = open.map(({ line, newest }) =>
    newest === '' ? `${line}, no candidate yet` : `${line}, newest ${newest}`,
  );
  return [
    `${project}${several ? ` ${name}` : ''} · ${scheme}, ${what}`,
    `  released · ${shown.length === 0 ? 'nothing yet' : shown.join(', ')}${older === 0 ? '' : `, and ${older} older`}`,
    `  open · ${lines.length === 0 ? 'no line' : lines.join('; ')}`,
  ];
}

function placeLines({ branch, commit, from, places }: VersionFacts): string[] {
  const where = `${plain(branch)} at ${commit.slice(0, 7)}`;
  if (places.length === 0)
    return [from === 'tags' ? 'The version is read from the tags.' : 'The version is read from the clock.'];
  const lines = places.map(({ path, at, text, problem, agrees }) => {
    const place = `${plain(path)}, ${plain(at)}`;
    if (text === undefined) return `  ⚠️ ${place} · ${plain(problem)}`;
    return agrees
      ? `  ✅ ${place} · ${plain(text)}`
      : `  ⚠️ ${place} · ${plain(text)}, which is not the same`;
  });
  return [`On ${where}`, ...lines];
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
