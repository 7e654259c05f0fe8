import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SlipwayError } from './error.js';

const Package = z.object({ name: z.literal('slipway'), version: z.string() });

/** Our own package: where its files are (absolute), and its version. */
export interface OwnPackage {
  folder: string;
  version: string;
}

/** Finds our own package.json: one level up from src, two from dist/src. @throws SlipwayError internal */
export function ownPackage(from = dirname(fileURLToPath(import.meta.url))): OwnPackage {
  const found = Package.safeParse(readJson(join(from, 'package.json')));
  if (found.success) return { folder: from, version: found.data.version };
  const above = dirname(from);
  if (above === from) throw new SlipwayError('internal', 'the package.json of slipway was not found');
  return ownPackage(above);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
