import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Built } from '@tenant-delivery/oci/builder';
import { buildxUnavailable } from '@tenant-delivery/oci/buildx/available';
import { joined } from '@tenant-delivery/oci/byte-source';
import { baseReferences } from '@tenant-delivery/oci/dockerfile/bases';
import { readDockerfile } from '@tenant-delivery/oci/dockerfile/read';
import { openLayout, rootOf } from '@tenant-delivery/oci/layout';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryReader } from '@tenant-delivery/oci/registry/port';
import { type FileNode, Rootfs } from '@tenant-delivery/oci/rootfs';
import { describeWith, tool } from '@tenant-delivery/testkit/optional-tool';
import { BUILD_ARGS, dockerfilesOf, REFUSED, SOURCES } from '../stage/generated-dockerfiles.ts';
import { mountsOf } from '../stage/generated-mounts.ts';

// BuildKit judges how we read Dockerfiles: the same ones, generated from a seed, give the same files and configuration, and
// what it refuses is refused here.

jest.setTimeout(600_000); // an engine is slow where much else runs

const run = promisify(execFile);
const SEED = Number(process.env['DOCKERFILES_SEED'] ?? 16);
const FULL = process.env['PROOF'] === 'full';
/** `npm test` compares a few, and `npm run proof` more. DOCKERFILES=1000 compares 1,000. */
const COUNT = Number(process.env['DOCKERFILES'] ?? (FULL ? 200 : 4));
const MOUNTS = Number(process.env['MOUNTS'] ?? (FULL ? 20 : 3));
/** One call of buildx builds as many, because most of a call is its beginning, its end and waiting. */
const AT_ONCE = 25;
/** As many plans are asked for at once: each is a program of its own. */
const PLANS_AT_ONCE = 5;
const LABEL = { revision: 'abc' };

const folder = mkdtempSync(join(tmpdir(), 'td-dockerfiles-'));
const context = join(folder, 'context');
const unmet = tool('buildx').kind === 'works' ? await buildxUnavailable(process.env, folder) : undefined;

const dockerfiles = dockerfilesOf(SEED, COUNT);
const fileOf = (n: number) => `${n}.Dockerfile`;
const numbers = dockerfiles.map((_, n) => n);

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
    for (let from = 0; from < COUNT; from += AT_ONCE) await bake(numbers.slice(from, from + AT_ONCE));
    const differing: unknown[] = [];
    const byChmod = await givesFoldersTheModeOfChmod();
    for (const [n, dockerfile] of dockerfiles.entries()) {
      const theirs = await theirsOf(n);
      const all = await look(await built(n));
      const ours = byChmod ? all : withOldFolders(all, theirs, dockerfile);
      if (!isDeepStrictEqual(ours, theirs)) differing.push({ seed: SEED, dockerfile, ours, theirs });
    }
    expect(differing).toEqual([]);
  });

  it(`${MOUNTS} mounts are read as BuildKit reads them, but for what variables hold`, async () => {
    const differing: unknown[] = [];
    const texts = mountsOf(SEED, MOUNTS);
    const verdicts: boolean[] = [];
    for (let from = 0; from < MOUNTS; from += PLANS_AT_ONCE) {
      const some = texts
        .slice(from, from + PLANS_AT_ONCE)
        .map((text, n) => planned(text, `mount-${from + n}`));
      verdicts.push(...(await Promise.all(some)));
    }
    for (const [n, text] of texts.entries()) {
      const theirs = verdicts[n];
      const ours = read(text);
      const variable = /--mount=\S*=[^ ,]*\$\w|\$\{/.test(text);
      if (ours !== theirs && !(variable && ours)) differing.push({ seed: SEED, text, ours, theirs });
    }
    expect(differing).toEqual([]);
  });

  it('what BuildKit refuses, nobody builds here', async () => {
    const said = async (text: string) => {
      const n = COUNT + REFUSED.indexOf(text);
      const theirs = await bake([n]).then(
        () => 'built',
        () => 'refused',
      );
      const ours = await built(n).then(
        () => 'built',
        ({ code }: { code?: string }) => code ?? 'broke',
      );
      return [text, theirs, ours];
    };
    const some = FULL ? REFUSED : REFUSED.slice(0, 2);
    expect(await Promise.all(some.map(said))).toEqual(
      some.map((text) => [text, 'refused', 'DOCKERFILE_INVALID']),
    );
  });
};

/** BuildKit gives folders that COPY makes the mode of `--chmod` since 0.21. Debian's says no version, so one Dockerfile asks it. */
async function givesFoldersTheModeOfChmod(): Promise<boolean> {
  const n = numbers.length + REFUSED.length;
  writeFileSync(join(folder, fileOf(n)), 'FROM scratch\nCOPY --chmod=700 a.txt /made/\n');
  await bake([n]);
  const mode = (await theirsOf(n)).files['/made']?.mode;
  expect([0o700, 0o755]).toContain(mode);
  return mode === 0o700;
}

/** Ours with the mode of before BuildKit 0.21 where a folder has one of `--chmod`, and theirs has that. */
function withOldFolders(ours: Looked, theirs: Looked, dockerfile: string): Looked {
  const modes = [...dockerfile.matchAll(/--chmod=([0-7]+)/g)].map(([, mode = '']) =>
    Number.parseInt(mode, 8),
  );
  const files = Object.entries(ours.files).map(([path, node]) => {
    const made = node.kind === 'directory' && modes.includes(node.mode);
    return [path, made && theirs.files[path]?.mode === 0o755 ? { ...node, mode: 0o755 } : node] as const;
  });
  return { ...ours, files: Object.fromEntries(files) };
}

function theirsOf(n: number): Promise<Looked> {
  const layout = openLayout(join(folder, `theirs-${n}`));
  return look({ layout, root: rootOf(layout) });
}

/** Whether BuildKit reads and plans a Dockerfile. Nothing runs: `--print=outline` ends before that, in every version of buildx. */
function planned(text: string, name: string): Promise<boolean> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const env = { ...process.env, BUILDX_EXPERIMENTAL: '1' };
  return run('docker', ['buildx', 'build', '--print=outline', `--file=${file}`, context], { env }).then(
    () => true,
    (cause: unknown) => {
      if (/transferring dockerfile: \d+/.test(String(cause)) && !String(cause).includes('DeadlineExceeded'))
        return false;
      throw cause;
    },
  );
}

function read(text: string): boolean {
  try {
    baseReferences(readDockerfile('Dockerfile', text), {}, ['linux/amd64'], undefined);
    return true;
  } catch (thrown) {
    if (Reflect.get(Object(thrown), 'code') === 'DOCKERFILE_INVALID') return false;
    throw thrown;
  }
}

/** Builds several by one call. */
async function bake(some: readonly number[]): Promise<void> {
  const targets = some.map((n) => [
    `d${n}`,
    {
      context,
      dockerfile: join(folder, fileOf(n)),
      args: BUILD_ARGS,
      labels: LABEL,
      platforms: ['linux/amd64'],
      attest: ['type=provenance,disabled=true'],
      output: [`type=oci,tar=false,dest=${join(folder, `theirs-${n}`)}`],
    },
  ]);
  const file = join(folder, `bake-${some[0]}.json`);
  writeFileSync(file, JSON.stringify({ target: Object.fromEntries(targets) }));
  const names = targets.map(([name]) => String(name));
  const env = { ...process.env, BUILDX_BAKE_ENTITLEMENTS_FS: '0' }; // newer ones ask before they read and write such paths
  const call = () =>
    run('docker', ['buildx', 'bake', '--progress=quiet', `--file=${file}`, ...names], { env });
  await call().catch((cause: unknown) => {
    // An engine that had no time in between says so, or that another build writes the same layer, and nothing about a Dockerfile.
    if (/DeadlineExceeded|code = Unavailable desc = ref layer-\S+ locked/.test(String(cause))) return call();
    throw cause;
  });
}

function built(n: number): Promise<Built> {
  return ownBuilder(NO_REGISTRY).build({
    context,
    dockerfile: fileOf(n),
    dockerfileFolder: folder,
    platforms: ['linux/amd64'],
    buildArgs: BUILD_ARGS,
    base: [],
    labels: LABEL,
    epoch: 1_700_000_000,
    output: join(folder, `ours-${n}`),
  });
}

interface Looked {
  readonly files: Readonly<Record<string, FileNode<string>>>;
  readonly config: unknown;
}

/** Every path with its kind, mode, owner and content, and the configuration; without what only Docker knows. */
async function look({ layout, root }: Built): Promise<Looked> {
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
