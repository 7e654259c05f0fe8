import { operationGaps, settingGaps, stepGaps } from '../src/process/engine-gaps.js';
import { kindList } from '../src/process/kinds/index.js';

const block = /(<!-- generated: gaps -->\n)[^]*?(<!-- \/generated -->)/;

/** A page with the list of what cannot be run yet put into its place. @throws TypeError where the page has no place for it */
export function withGaps(page: string, implemented: ReadonlySet<string>): string {
  if (!block.test(page)) throw new TypeError('the page has no place for the list');
  return page.replace(block, (_, open: string, close: string) => `${open}${gapList(implemented)}${close}`);
}

function gapList(implemented: ReadonlySet<string>): string {
  const kinds = kindList.filter(({ name }) => !implemented.has(name));
  const links = kinds.map(({ name }) => `[${name}](steps/${name}.md)`).join(', ');
  const settings = Object.entries(settingGaps).flatMap(([kind, keys]) =>
    implemented.has(kind)
      ? [
          `\`${kind}\`: ${Object.keys(keys)
            .map((key) => `\`${key}\``)
            .join(', ')}`,
        ]
      : [],
  );
  return [
    `- Kinds of steps: ${links === '' ? 'none' : links}.`,
    `- Of operations: ${operationGaps.map(({ what }) => code(what)).join(', ')}.`,
    `- Of any step: ${stepGaps.map(({ what }) => code(what)).join(', ')}.`,
    `- Settings, in some or all of their values: ${settings.join('; ')}.`,
    '- Triggers (`on`): people start the operation instead.',
    '',
  ].join('\n');
}

function code(words: string): string {
  return words.replace(/"([^"]+)"/, '`$1`');
}
