import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { BuildRequest, Built } from '@tenant-delivery/oci/builder';
import { buildxUnavailable } from '@tenant-delivery/oci/buildx/available';
import { buildxBuilder } from '@tenant-delivery/oci/buildx/builder';
import { joined } from '@tenant-delivery/oci/byte-source';
import { readDockerfile } from '@tenant-delivery/oci/dockerfile/read';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryReader } from '@tenant-delivery/oci/registry/port';
import { Rootfs } from '@tenant-delivery/oci/rootfs';
import { describeWith, tool } from '@tenant-delivery/testkit/optional-tool';
import { BUILD_ARGS, dockerfilesOf, REFUSED, SOURCES } from '../stage/generated-dockerfiles.ts';

// BuildKit judges how we read Dockerfiles: the same ones, generated from a seed, give the same files and configuration, and
// what it refuses is refused here.

jest.setTimeout(300_000); // an engine is slow where much else runs

const run = promisify(execFile);
const SEED = Number(process.env['DOCKERFILES_SEED'] ?? 16);
const FULL = process.env['PROOF'] === 'full';
/** `npm test` compares a few, and `npm run proof` more: each costs BuildKit half a second. DOCKERFILES=200 compares 200. */
const COUNT = Number(process.env['DOCKERFILES'] ?? (FULL ? 20 : 4));

const folder = mkdtempSync(join(tmpdir(), 'td-dockerfiles-'));
const context = join(folder, 'context');
const unmet = tool('buildx').kind === 'works' ? await buildxUnavailable(process.env, folder) : undefined;

const dockerfiles = dockerfilesOf(SEED, COUNT);
const fileOf = (n: number) => `${n}.Dockerfile`;

const NO_REGISTRY = { host: 'none.example' } as RegistryReader; // every base is scratch

const suite = () => {
  beforeAll(() => {
    for (const [path, text] of Object.entries(SOURCES)) {
      mkdirSync(dirname(join(context, path)), { recursive: true });
      writeFileSync(join(context, path), text);
    }
    for (const [n, text] of [...dockerfiles, ...REFUSED].entries())
      writeFileSync(join(folder, fileOf(n)), text);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`${COUNT} Dockerfiles give the files and the configuration that BuildKit gives them`, async () => {
    const buildx = buildxBuilder({ env: process.env, temp: folder, login: undefined, say: () => {} });
    const differing: unknown[] = [];
    for (const [n, dockerfile] of dockerfiles.entries()) {
      const theirs = await look(await buildx.build(requestOf(n, 'theirs')));
      const ours = await look(await ownBuilder(NO_REGISTRY).build(requestOf(n, 'ours')));
      if (!isDeepStrictEqual(ours, theirs)) differing.push({ seed: SEED, dockerfile, ours, theirs });
    }
    expect(differing).toEqual([]);
  });

  it('what BuildKit refuses, nobody builds here', async () => {
    for (const text of FULL ? REFUSED : REFUSED.slice(0, 2)) {
      const n = COUNT + REFUSED.indexOf(text);
      const theirs = await run('docker', [
        'buildx',
        'build',
        `--file=${join(folder, fileOf(n))}`,
        context,
      ]).then(
        () => 'built',
        () => 'refused',
      );
      const ours = await ownBuilder(NO_REGISTRY)
        .build(requestOf(n, 'ours'))
        .then(
          () => 'built',
          ({ code }: { code?: string }) => code ?? 'broke',
        );
      expect([text, theirs, ours]).toEqual([text, 'refused', 'DOCKERFILE_INVALID']);
    }
  });
};

function requestOf(n: number, by: 'ours' | 'theirs'): BuildRequest {
  return {
    context,
    dockerfile: fileOf(n),
    dockerfileFolder: folder,
    platforms: ['linux/amd64'],
    buildArgs: BUILD_ARGS,
    base: [],
    labels: { revision: 'abc' },
    epoch: 1_700_000_000,
    output: join(folder, `${by}-${n}`),
  };
}

/** Every path with its kind, mode, owner and content, and the configuration; without what only Docker knows. */
async function look({ layout, root }: Built) {
  const manifest = JSON.parse(layout.readBlob(root.digest).toString());
  const { config } = JSON.parse(layout.readBlob(manifest.config.digest).toString());
  const files = new Rootfs<string>();
  for (const { digest } of manifest.layers)
    await files.apply(layout.openBlob(digest), async ({ parts }) => (await joined(parts)).toString());
  const { ArgsEscaped: _, ...said } = config;
  return { files: Object.fromEntries(files.below('/')), config: said };
}

it('the same seed gives the same Dockerfiles, and each is one that we can read', () => {
  expect(dockerfilesOf(SEED, COUNT)).toEqual(dockerfiles);
  expect(new Set(dockerfiles).size).toBeGreaterThan(COUNT * 0.9);
  for (const text of dockerfiles) readDockerfile('Dockerfile', text);
});

describeWith('buildx', 'BuildKit judges how we read Dockerfiles:', suite, unmet);
