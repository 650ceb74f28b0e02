import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { pack } from 'tar-stream';
import { digestOf } from './digest.ts';
import { CREATED, type Layer, parentsOf } from './layer.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** What a container needs to run anything at all, from this machine: its Node, a shell, and the libraries of both. */
const PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/local/bin/node': process.execPath,
  '/bin/sh': '/bin/sh',
};

let layer: Promise<Layer> | undefined;

/** The layer that makes a base image run at an engine; none for another architecture, or where this is not Linux. */
export async function machinePrograms(architecture: string): Promise<Layer | undefined> {
  if (process.platform !== 'linux' || ARCHITECTURES[process.arch] !== architecture) return undefined;
  layer ??= programsLayer();
  return layer;
}

/** Not compressed: it goes from one process of this machine to the next. */
async function programsLayer(): Promise<Layer> {
  const files = new Map(Object.entries(PROGRAMS));
  for (const program of Object.values(PROGRAMS))
    for (const library of librariesOf(program)) files.set(library, library);
  const archive = pack();
  const common = { uid: 0, gid: 0, mtime: CREATED };
  const folders = new Set([...files.keys()].flatMap(parentsOf));
  for (const folder of [...folders].sort())
    archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, ...common });
  archive.entry({ name: 'tmp/', type: 'directory', mode: 0o1777, ...common });
  for (const [path, from] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    archive.entry({ name: path.slice(1), mode: 0o755, ...common }, readFileSync(realpathSync(from)));
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  const blob = Buffer.concat(chunks);
  return { diffId: digestOf(blob), blob };
}

/** Absolute paths of the loader and of every library that it would load; none for a program that needs none. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/(?:^|=>)\s*(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}
