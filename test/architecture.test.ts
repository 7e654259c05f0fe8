import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

const root = resolve(import.meta.dirname, '..');

/** The zones of the product and what each may import; see ARCHITECTURE.md. Every source file is in exactly one. */
const zones: Record<string, { files: RegExp; may: string[]; packages: RegExp }> = {
  'src/release': {
    files: /^src\/release\//,
    may: ['src/release'],
    packages: /^(zod|semver|@renovatebot\/pep440|node:crypto)$/,
  },
  'src/process': {
    files: /^src\/process\//,
    may: ['src/process', 'src/release', 'src (root)'],
    packages: /^(zod|yaml|re2js|node:.*)$/,
  },
  'src/engine/ports': { files: /^src\/engine\/ports\//, may: ['src/engine/ports'], packages: /^$/ },
  'src/services': {
    files: /^src\/services\//,
    may: ['src/services', 'src/engine/ports', 'src (root)'],
    packages: /^(@aws-sdk\/|zod$|node:)/,
  },
  'src/steps': {
    files: /^src\/steps\//,
    may: ['src/steps', 'src/release', 'src/process', 'src/services', 'src/engine/ports', 'src (root)'],
    packages: /^zod$/,
  },
  'src/engine': {
    files: /^src\/engine\/(?!ports\/)/,
    may: ['src/engine', 'src/engine/ports', 'src/release', 'src/steps', 'src (root)'],
    packages: /^(zod|node:.*)$/,
  },
  'src/queue/bullmq': {
    files: /^src\/queue\/bullmq\//,
    may: ['src/queue/bullmq', 'src/engine/ports', 'src (root)'],
    packages: /^(bullmq|ioredis|zod|node:.*)$/,
  },
  'src/queue/memory': {
    files: /^src\/queue\/memory\//,
    may: ['src/queue/memory', 'src/engine/ports', 'src (root)'],
    packages: /^node:/,
  },
  'src/chat': {
    files: /^src\/chat\//,
    may: ['src/chat', 'src/release', 'src/engine/ports', 'src/services', 'src (root)'],
    packages: /^(zod|log-update|node:.*)$/,
  },
  'src/web': {
    files: /^src\/web\//,
    may: [
      'src/web',
      'src/app',
      'src/chat',
      'src/engine',
      'src/engine/ports',
      'src/release',
      'src/services',
      'src (root)',
    ],
    packages: /^(hono|@hono\/node-server|zod|node:.*)/,
  },
  'src/sandbox': {
    files: /^src\/sandbox\//,
    may: ['src/sandbox', 'src/app', 'src/engine', 'src/release', 'src/services', 'src (root)'],
    packages: /^node:/,
  },
  'src/app': {
    files: /^src\/app\//,
    may: [
      'src/app',
      'src/engine',
      'src/engine/ports',
      'src/release',
      'src/process',
      'src/steps',
      'src/services',
      'src/chat',
      'src/queue/bullmq',
      'src/queue/memory',
      'src (root)',
    ],
    packages: /^(zod|node:.*)$/,
  },
  'src (root)': { files: /^src\/[^/]+$/, may: ['src (root)'], packages: /^(zod|pino|node:.*)$/ },
  commands: {
    files: /^commands\//,
    may: ['commands', 'src/app', 'src/engine', 'src/release', 'src/process', 'src/chat', 'src (root)'],
    packages: /^(zod|node:.*)$/,
  },
  jobs: { files: /^jobs\//, may: ['jobs', 'src/engine', 'src/engine/ports'], packages: /^$/ },
  bin: {
    files: /^bin\//,
    may: [
      'bin',
      'commands',
      'jobs',
      'src/app',
      'src/engine',
      'src/engine/ports',
      'src/release',
      'src/chat',
      'src/sandbox',
      'src/services',
      'src/queue/memory',
      'src/web',
      'src (root)',
    ],
    packages: /^(commander|zod|node:.*)$/,
  },
};

/** Packages that only one folder may import, besides the zone rules. */
const vendors: [RegExp, RegExp][] = [
  [/^(bullmq|ioredis)/, /^src\/queue\/bullmq\//],
  [/^@aws-sdk\//, /^src\/services\//],
  [/^commander/, /^bin\//],
  [/^(hono|@hono\/)/, /^src\/web\//],
];

async function sources(): Promise<{ file: string; imports: string[] }[]> {
  const found: { file: string; imports: string[] }[] = [];
  for (const folder of ['src', 'bin', 'commands', 'jobs']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, 'utf8');
      const imports = [
        ...text.matchAll(
          /(?:^|\n)(?:import|export)[^;'"]*?from '([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
        ),
      ];
      found.push({
        file: relative(root, path),
        imports: imports.map((one) => one[1] ?? one[2] ?? one[3] ?? ''),
      });
    }
  }
  return found;
}

function zonesOf(file: string): string[] {
  return Object.entries(zones).flatMap(([name, { files }]) => (files.test(file) ? [name] : []));
}

function target(file: string, specifier: string): string {
  return relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');
}

describe('architecture', () => {
  it('every file is in exactly one zone', async () => {
    const strays = (await sources()).filter(({ file }) => zonesOf(file).length !== 1).map(({ file }) => file);
    expect(strays).toEqual([]);
  });

  it('arrows point one way', async () => {
    const wrong = (await sources()).flatMap(({ file, imports }) => {
      const zone = zones[zonesOf(file)[0] ?? ''];
      return imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !zone?.may.includes(zonesOf(target(file, specifier))[0] ?? ''))
        .map((specifier) => `${file} -> ${target(file, specifier)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('a package is imported only where it belongs', async () => {
    const wrong = (await sources()).flatMap(({ file, imports }) => {
      const zone = zones[zonesOf(file)[0] ?? ''];
      return imports
        .filter((specifier) => !specifier.startsWith('.'))
        .filter(
          (specifier) =>
            zone?.packages.test(specifier) !== true ||
            vendors.some(([name, place]) => name.test(specifier) && !place.test(file)),
        )
        .map((specifier) => `${file} -> ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });

  it('reads the imports that it judges', async () => {
    const all = await sources();
    expect(all.length).toBeGreaterThan(100);
    expect(all.find(({ file }) => file === 'src/app/wire.ts')?.imports).toContain(
      '../services/records/bucket.js',
    );
    expect(all.find(({ file }) => file === 'src/queue/bullmq/queue.ts')?.imports).toContain('bullmq');
  });

  it('only src/config.ts reads the environment; bin hands it on to its children', async () => {
    const readers: string[] = [];
    for (const { file } of await sources()) {
      if ((await readFile(join(root, file), 'utf8')).includes('process.env')) readers.push(file);
    }
    expect(readers.toSorted()).toEqual(['bin/demo.ts', 'bin/slipway.ts', 'bin/start.ts', 'src/config.ts']);
  });

  it('keeps source files small', async () => {
    const long: string[] = [];
    for (const { file } of await sources()) {
      const lines = (await readFile(join(root, file), 'utf8')).split('\n').length;
      if (lines > 300) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
  });
});

describe('dependencies', () => {
  it('the lock holds the native packages of linux, darwin and win32, and names no registry host', async () => {
    const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
    for (const platform of ['linux-x64', 'darwin-arm64', 'win32-x64']) {
      expect(lock).toMatch(new RegExp(`node_modules/@msgpackr-extract/msgpackr-extract-${platform}"`));
    }
    for (const platform of ['linux-x64', 'darwin-arm64', 'win32-x64'])
      expect(lock).toContain(`@esbuild/${platform}"`);
    expect(lock).not.toContain('"resolved"');
  });

  it('the lock holds every optional package that a package names: npm ci refuses one that does not', async () => {
    const lock = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
    const places = Object.keys(lock.packages);
    const absent = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !places.some((other) => other.endsWith(`node_modules/${name}`)))
        .map((name) => `${place} -> ${name}`),
    );
    expect(absent).toEqual([]);
  });
});
