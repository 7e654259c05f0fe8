import { z } from 'zod';
import { defineKind, Names, PushWhen, StepName } from './kind.js';

/** A package in an index. */
export const packageKind = defineKind({
  name: 'package',
  about: 'Publishes artifacts to a registry of packages.',
  settings: z.strictObject({
    artifacts: Names.describe('Artifacts of the process.'),
    to: z.string().describe('A registry of `slipway.yaml`, such as `pypi`.'),
  }),
  names: { 'artifacts.*': 'artifact', to: 'registry' },
  gives: ['url'],
  reach: () => 'public',
  writes: ({ to }) => [to],
  plan: 'Publish wheel and sdist to pypi',
  find: 'The index: done with the same sha256, else a person is asked.',
  example: '- uses: package\n  artifacts: [wheel, sdist]\n  to: pypi',
});

const Build = z.strictObject({
  name: z.string(),
  context: z.string().default('.'),
  file: z.string().optional(),
  platforms: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/v[0-9])?$/, 'not a platform'))
    .min(1)
    .optional(),
});

const Built = z.looseObject({ build: z.array(Build) });

/** Images. */
export const image = defineKind({
  name: 'image',
  about: 'Builds images and pushes them, or pushes those that an earlier step has built.',
  settings: z
    .strictObject({
      build: z
        .array(Build)
        .min(1)
        .optional()
        .describe('`name`, `context`, `file` and `platforms` of each image.'),
      of: StepName.optional().describe('The id of an earlier step `image` whose images are pushed now.'),
      tag: z.string().min(1).describe('Their tag.'),
      push: PushWhen.describe('`after-gate`: build only; a later step `image` with `of` pushes.'),
    })
    .refine(({ build, of }) => (build === undefined) !== (of === undefined), {
      message: 'needs either "build" or "of"',
    }),
  places: {
    'build.*.name': 'address',
    'build.*.context': 'argument',
    'build.*.file': 'path',
    tag: 'address',
  },
  names: { of: 'step:image' },
  gives: ['digest'],
  reach: ({ push }) => (push === 'now' ? 'public' : 'none'),
  writes: ({ push, build, of = '' }, world) => {
    if (push !== 'now') return [];
    // What an earlier step has built is pushed under the names that it has there.
    const built = build ?? Built.safeParse(world.settingsOf(of)).data?.build ?? [];
    return built.map(({ name }) => `image:${name}`);
  },
  plan: 'Build and push 4 images',
  find: 'The manifest by its tag.',
  example:
    '- uses: image\n  build:\n    - { name: "ghcr.io/{repo}/api", context: api, platforms: [linux/amd64] }\n  tag: "{version}"',
});

/** A Helm chart. */
export const chart = defineKind({
  name: 'chart',
  about: 'Packages a Helm chart and pushes it.',
  settings: z.strictObject({
    path: z.string().describe('The folder of the chart.'),
    to: z.string().describe('Where it goes: `oci://…`.'),
    version: z.string().min(1).describe('The version of the chart.'),
    'app-version': z.string().min(1).optional().describe('The version of what it installs.'),
    values: z.record(z.string(), z.string()).optional().describe('Values to set, by their path of keys.'),
  }),
  places: {
    path: 'path',
    to: 'address',
    version: 'address',
    'app-version': 'address',
    'values.*': 'address',
  },
  gives: ['digest'],
  reach: () => 'public',
  writes: ({ to }) => [to],
  plan: 'Package charts/app and push it to ghcr.io/example/charts',
  find: 'The tag and the digest of the chart.',
  example: '- uses: chart\n  path: charts/app\n  version: "{version}"\n  to: oci://ghcr.io/example/charts',
});

/** Signatures. */
export const sign = defineKind({
  name: 'sign',
  about: 'Signs the digests of images and artifacts.',
  settings: z
    .strictObject({
      images: StepName.optional().describe('The id of a step `image`.'),
      artifacts: Names.optional().describe('Artifacts of the process.'),
      identity: z.string().min(1).describe('Who signs, as it will be verified.'),
    })
    .refine(({ images, artifacts }) => images !== undefined || artifacts !== undefined, {
      message: 'needs "images" or "artifacts"',
    }),
  places: { identity: 'url' },
  names: { images: 'step:image', 'artifacts.*': 'artifact' },
  reach: () => 'public',
  plan: 'Sign the digests',
  find: 'The signatures, verified.',
  example:
    '- uses: sign\n  artifacts: [wheel]\n  identity: https://github.com/{repo}/.github/workflows/release.yml@refs/tags/{tag}',
});

/** Reads back what was published. */
export const verify = defineKind({
  name: 'verify',
  about: 'Reads back what was published, as users would get it.',
  settings: z
    .strictObject({
      images: Names.optional().describe('Addresses of images.'),
      charts: Names.optional().describe('Addresses of charts.'),
      packages: Names.optional().describe('`registry:name@version`.'),
      'release-files': Names.optional().describe('Names of files of the release on the forge.'),
      'signed-by': z.string().min(1).optional().describe('Who must have signed them.'),
    })
    .refine((settings) => Object.keys(settings).some((key) => key !== 'signed-by'), {
      message: 'needs "images", "charts", "packages" or "release-files"',
    }),
  places: {
    'images.*': 'address',
    'charts.*': 'address',
    'packages.*': 'address',
    'release-files.*': 'path',
    'signed-by': 'url',
  },
  gives: ['verified'],
  reach: () => 'none',
  plan: 'Read back 5 things',
  find: '',
  example: '- uses: verify\n  packages: ["crates:app@{version}"]',
});
