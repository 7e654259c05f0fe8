import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atTheEnd } from './processes.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');

/**
 * Translates the scripts of the child processes once, so that each of some hundred starts costs half. Types are not
 * checked here. Returns how to start one: the arguments of node. Where the compiler is missing, tsx translates each time.
 */
export async function compileChildren(scripts: readonly string[]): Promise<(script: string) => string[]> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const slow = (script: string): string[] => ['--import', 'tsx', join(here, script)];
  if (!existsSync(compiler)) return slow;
  // Below node_modules, where packages are found from.
  const folder = join(root, 'node_modules', '.cache', `slipway-chaos-${randomBytes(6).toString('hex')}`);
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  const options = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck'];
  const sources = scripts.map((script) => join(here, script));
  const args = [compiler, ...sources, '--ignoreConfig', '--noCheck', ...options];
  try {
    await promisify(execFile)(process.execPath, [...args, '--rootDir', root, '--outDir', folder], {
      cwd: root,
    });
  } catch {
    return slow;
  }
  return (script) => [join(folder, 'test', 'chaos', script.replace(/\.ts$/, '.js'))];
}
