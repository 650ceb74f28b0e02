import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { failures } from '../failures.ts';
import { type Ignore, readIgnore } from './ignore.ts';

/** One thing in a build context; `path` is relative, with `/` between its parts. */
export interface ContextEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** 755 where anybody may execute it, else 644: the one bit that a checkout keeps. */
  readonly mode: 0o644 | 0o755;
  /** Of a link, as written in it. */
  readonly target?: string;
}

export interface BuildContext {
  /** The folder's real path. */
  readonly root: string;
  /** The patterns as they were read; an empty text where there is no file. */
  readonly ignoreText: string;
  /** What belongs to the context, sorted by path. */
  readonly entries: readonly ContextEntry[];
  read(path: string): Buffer;
}

/**
 * Looks at a folder as a build context. Links are seen as links and never followed; nothing outside is read.
 * The Dockerfile's own ignore file (`Dockerfile.dockerignore`) wins over the folder's.
 */
export function openContext(folder: string, dockerfile: string): BuildContext {
  const root = realpathSync(folder);
  const ignoreFile = [`${dockerfile}.dockerignore`, '.dockerignore'].find((name) =>
    existsSync(join(root, name)),
  );
  const ignoreText = ignoreFile === undefined ? '' : readInside(root, ignoreFile).toString();
  const entries = [...walk(root, '', readIgnore(ignoreText, ignoreFile))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { root, ignoreText, entries, read: (path) => readInside(root, path) };
}

/** Reads a file whose real path is in the folder; COPY_OUTSIDE_CONTEXT otherwise. */
export function readInside(root: string, path: string): Buffer {
  return readFileSync(join(root, realInside(root, path)));
}

/** The real path of something in the folder, relative to it. */
export function realInside(root: string, path: string): string {
  const real = realpathSync(join(root, path));
  if (real !== root && !real.startsWith(root + sep)) {
    throw failures.copyOutsideContext([`${path} leads out of the context through a link`]);
  }
  return relative(root, real).split(sep).join('/');
}

function* walk(root: string, folder: string, ignore: Ignore): Generator<ContextEntry> {
  for (const name of readdirSync(join(root, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const excluded = ignore.excludes(path);
    const stat = lstatSync(join(root, path));
    const mode = stat.mode & 0o111 ? 0o755 : 0o644;
    if (stat.isDirectory()) {
      if (!excluded) yield { path, kind: 'directory', mode: 0o755 };
      if (path !== '.git' && !(excluded && ignore.final)) yield* walk(root, path, ignore);
    } else if (!excluded && stat.isSymbolicLink()) {
      yield { path, kind: 'symlink', mode: 0o755, target: readlinkSync(join(root, path)) };
    } else if (!excluded && stat.isFile()) {
      yield { path, kind: 'file', mode };
    }
  }
}

/** One digest for everything in a context that a build could see. */
export function contextDigest(context: BuildContext): Digest {
  const hash = createHash('sha256');
  for (const { path, kind, mode, target } of context.entries) {
    const content =
      kind === 'file' ? createHash('sha256').update(context.read(path)).digest('hex') : (target ?? '');
    hash.update(`${JSON.stringify([path, kind, mode, content])}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}
