import { ProcessFile } from './file-shape.js';
import { readYaml } from './position.js';
import type { YamlText } from './position.js';
import type { Problem } from './problems.js';
import { parseShape } from './shape.js';
import { didYouMean } from '../suggest.js';

/** The text of a file and the name that messages give it. */
export interface FileText {
  file: string;
  text: string;
}

/** Where a process can be made from besides its own file. */
export interface SourceOptions {
  /** A preset by its name. */
  presets?: (name: string) => FileText | undefined;
  /** Their names, for who has mistyped one. */
  presetNames?: readonly string[];
  /** A file by the path that is written after `extends` (`./base.yml`), as seen from the file that it is written in. */
  files?: (path: string, from: string) => FileText | undefined;
  /** The process is written in the repository that it releases: it may extend presets only. */
  fromRepository?: boolean;
}

/** One file of a chain, right in its shape. */
export interface Source {
  file: ProcessFile;
  yaml: YamlText;
  text: string;
}

const maxChain = 8;

/** A file and all that it extends, the deepest first. */
export function readSources(
  first: FileText,
  options: SourceOptions,
): { sources: Source[] } | { problems: Problem[]; yaml?: YamlText } {
  const sources: Source[] = [];
  let next: FileText = first;
  for (;;) {
    const source = readYaml(next.file, next.text);
    if ('problems' in source) return source;
    const { yaml } = source;
    const shape = parseShape(ProcessFile, yaml.data, yaml, []);
    if ('problems' in shape) return { problems: shape.problems, yaml };
    sources.unshift({ file: shape.value, yaml, text: next.text });
    const { extends: base } = shape.value;
    if (base === undefined) return { sources };
    const problem = (message: string): { problems: Problem[] } => ({
      problems: [yaml.problem(['extends'], message)],
    });
    const isFile = base.startsWith('./');
    if (isFile && (options.fromRepository === true || options.files === undefined))
      return problem('a process from a repository may extend presets only');
    if (isFile && !/^\.\/(?:[A-Za-z0-9_][A-Za-z0-9._-]*\/)*[A-Za-z0-9_][A-Za-z0-9._-]*\.ya?ml$/.test(base))
      return problem(`"${base}" is not a file beside this one: write a path such as ./base.yml`);
    if (!isFile && !/^[a-z][a-z0-9-]{0,30}$/.test(base))
      return problem(`"${base}" is neither a preset nor a path such as ./base.yml`);
    const found = isFile ? options.files?.(base, next.file) : options.presets?.(base);
    if (found === undefined)
      return problem(
        isFile
          ? `${base} cannot be read`
          : `there is no preset "${base}"${didYouMean(base, options.presetNames ?? [])}`,
      );
    if (sources.length >= maxChain || sources.some((it) => it.yaml.file === found.file))
      return problem(`"${base}" extends itself, or more than ${maxChain} files extend each other`);
    next = found;
  }
}
