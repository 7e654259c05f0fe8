import { readFile } from 'node:fs/promises';
import type { InstallationSummary, ProcessSummary } from '../chat/views/validated.js';
import { SlipwayError } from '../error.js';
import { engineGaps, readProcess } from '../process/load-process.js';
import { readYaml } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { stepKinds } from '../steps/index.js';
import { checkInstallation } from './load-installation.js';
import { processSources } from './load-project.js';
import { processSummary, summaryOf, type GapsOf } from './summary.js';

/** What a file is, and either all that is wrong with it or what it says in short. */
export type Validated =
  { problems: Problem[] } | { installation: InstallationSummary } | { process: ProcessSummary };

/**
 * Reads slipway.yaml with everything that belongs to it, or a process file alone, and proves it as a start would. Nothing
 * is changed. `verbs` are the words that the bot itself understands.
 * @throws SlipwayError config-invalid where the file cannot be read at all
 */
export async function validate(file: string, verbs: ReadonlySet<string>): Promise<Validated> {
  const kinds = new Map(stepKinds.map((kind) => [kind.name, kind]));
  const text = await readText(file);
  if (!isProcess(file, text)) {
    const checked = await checkInstallation(file, kinds, verbs);
    if ('problems' in checked) return inOrder(checked.problems);
    return { installation: { ...summaryOf(checked.installation, gapsOf), file } };
  }
  const read = readProcess(file, text, kinds, { verbs }, await processSources());
  return 'problems' in read ? inOrder(read.problems) : { process: processSummary(read.process, gapsOf) };
}

function inOrder(problems: readonly Problem[]): { problems: Problem[] } {
  const ordered = problems.toSorted(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
  return { problems: ordered };
}

const gapsOf: GapsOf = ({ process }) =>
  engineGaps(process, new Set(stepKinds.map((kind) => kind.name))).map(({ operation, what, path }) => ({
    operation,
    what: path === operation ? what : `${path.slice(operation.length + 1)}: ${what}`,
  }));

/** A process file begins with its name; everything else is read as slipway.yaml, which then says what is missing. */
function isProcess(file: string, text: string): boolean {
  const source = readYaml(file, text);
  if ('problems' in source) return false;
  const { data } = source.yaml;
  if (typeof data !== 'object' || data === null || 'slipway' in data) return false;
  return ['process', 'version', 'extends', 'operations'].some((key) => key in data);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SlipwayError('config-invalid', `${file}: cannot be read`, {
      hint: 'Name a slipway.yaml or a process file: slipway validate ./slipway.yaml',
      cause: error,
    });
  }
}
