import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { type ByteSource, bytesOfFile } from '../byte-source.ts';
import { failures } from '../failures.ts';
import { type Ignore, readIgnore } from './ignore.ts';

/** One thing in a build context; `path` is relative, with `/` between its parts. */
export interface ContextEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** 755 if anybody may execute it, else 644. A checkout keeps no other bit. */
  readonly mode: 0o644 | 0o755;
  /** Of a link, as written in it. */
  readonly target?: string;
  /** Bytes of a file. */
  readonly size?: number;
}

export interface BuildContext {
  /** The folder's real path. */
  readonly root: string;
  /** The text of the ignore file. Empty if there is none. */
  readonly ignoreText: string;
  /** What belongs to the context, sorted by path. */
  readonly entries: readonly ContextEntry[];
  find(path: string): ContextEntry | undefined;
  /** What is below a folder, sorted; `''` is the context itself. */
  below(folder: string): readonly ContextEntry[];
  /** A file, which is read when it is needed. */
  open(file: ContextEntry): ByteSource;
}

/** Where a build's context and its Dockerfile are. */
export interface WhereBuilt {
  readonly context: string;
  /** From the context, or from the folder below. */
  readonly dockerfile: string;
  readonly dockerfileFolder?: string | undefined;
}

/**
 * Looks at a folder as a build context. Links are seen as links and never followed; nothing outside is read.
 * The Dockerfile's own ignore file (`Dockerfile.dockerignore`) wins over the folder's; it is beside the Dockerfile, which
 * may be in a folder of its own.
 */
export function openContext(folder: string, dockerfile: string, dockerfileFolder = folder): BuildContext {
  const root = realpathSync(folder);
  const ignoreFile = [
    { folder: realpathSync(dockerfileFolder), name: `${dockerfile}.dockerignore` },
    { folder: root, name: '.dockerignore' },
  ].find(({ folder, name }) => existsSync(join(folder, name)));
  const ignoreText =
    ignoreFile === undefined ? '' : readInside(ignoreFile.folder, ignoreFile.name).toString();
  const entries = [...walk(root, readIgnore(ignoreText, ignoreFile?.name))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    root,
    ignoreText,
    entries,
    find: (path) => byPath.get(path),
    below: (folder) => (folder === '' ? entries : startingWith(entries, `${folder}/`)),
    open: ({ path, size = 0 }) => bytesOfFile(join(root, realInside(root, path)), size, path),
  };
}

/** Those of sorted entries that begin so: they are next to each other. */
function startingWith(entries: readonly ContextEntry[], start: string): readonly ContextEntry[] {
  let [from, to] = [0, entries.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((entries[middle]?.path ?? '') < start) from = middle + 1;
    else to = middle;
  }
  while (entries[to]?.path.startsWith(start)) to += 1;
  return entries.slice(from, to);
}

/** Reads a file whose real path is in the folder; COPY_OUTSIDE_CONTEXT otherwise. */
function readInside(root: string, path: string): Buffer {
  return readFileSync(join(root, realInside(root, path)));
}

/** The text of a build's Dockerfile, whose real path is in the context or in the folder that was named for it. */
export function dockerfileText({ context, dockerfile, dockerfileFolder = context }: WhereBuilt): string {
  return readInside(realpathSync(dockerfileFolder), dockerfile).toString();
}

/** The real path of something in the folder, relative to it. */
export function realInside(root: string, path: string): string {
  const real = realpathSync(join(root, path));
  if (real !== root && !real.startsWith(root + sep)) {
    throw failures.copyOutsideContext([`${path} leads out of the context through a link`]);
  }
  return relative(root, real).split(sep).join('/');
}

function* walk(root: string, ignore: Ignore): Generator<ContextEntry> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readdirSync(join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const excluded = ignore.excludes(path);
      const stat = lstatSync(join(root, path));
      const mode = stat.mode & 0o111 ? 0o755 : 0o644;
      if (stat.isDirectory()) {
        if (!excluded) yield { path, kind: 'directory', mode: 0o755 };
        if (path !== '.git' && !(excluded && ignore.final)) folders.push(path);
      } else if (!excluded && stat.isSymbolicLink()) {
        yield { path, kind: 'symlink', mode: 0o755, target: readlinkSync(join(root, path)) };
      } else if (!excluded && stat.isFile()) {
        yield { path, kind: 'file', mode, size: stat.size };
      }
    }
  }
}

/** One digest for everything in a context that a build could see. */
export async function contextDigest(context: BuildContext): Promise<Digest> {
  const hash = createHash('sha256');
  for (const entry of context.entries) {
    const { path, kind, mode, target = '' } = entry;
    const content = kind === 'file' ? await hexOf(context.open(entry)) : target;
    hash.update(`${JSON.stringify([path, kind, mode, content])}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function hexOf(file: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of file.read()) hash.update(part);
  return hash.digest('hex');
}
