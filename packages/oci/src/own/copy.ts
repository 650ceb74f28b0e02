import { posix } from 'node:path';
import { type ByteSource, joined } from '../byte-source.ts';
import { type BuildContext, type ContextEntry, realInside } from '../context/context.ts';
import { climbing, climbs } from '../context/leaving.ts';
import { isPattern, PatternMistake, readPattern } from '../context/pattern.ts';
import { failures } from '../failures.ts';
import type { LayerEntry } from '../layer.ts';
import { type FileNode as NodeOf, type Rootfs, TooManyLinks } from '../rootfs.ts';

type FileNode = NodeOf<ByteSource>;

/** Something to copy: its name, its node, and for a folder everything in it by relative path. */
interface Source {
  readonly name: string;
  readonly node: FileNode;
  readonly inside: readonly (readonly [string, FileNode])[];
}

export interface CopyRule {
  /** The Dockerfile's name. */
  readonly file: string;
  /** As the Dockerfile's line is named in failures. */
  readonly where: string;
  readonly sources: readonly string[];
  /** Absolute; ends in `/` where a folder is meant. */
  readonly to: string;
  /** If `undefined`, files of the context belong to root, and files of a stage keep their owner. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly mode: number | undefined;
  /** ADD unpacks archives; COPY copies them. */
  readonly refuseArchives: boolean;
}

/** Copies from the context into the image's files, and answers what the layer must hold. */
export async function copyFromContext(
  context: BuildContext,
  into: Rootfs<ByteSource>,
  rule: CopyRule,
): Promise<readonly LayerEntry[]> {
  const outside = rule.sources.filter(climbs);
  if (outside.length > 0) {
    throw failures.copyOutsideContext(
      outside.map((source) => `${rule.where}: ${source}: ${climbing(source)}`),
    );
  }
  const sources = rule.sources.flatMap((source) => {
    const cleaned = posix.join('/', source).slice(1).replace(/\/$/, '');
    const found = isPattern(cleaned)
      ? matching(
          rule,
          cleaned,
          context.entries.map(({ path }) => path),
        )
      : [cleaned];
    return found.flatMap((path) => contextSource(context, path) ?? []);
  });
  if (sources.length === 0) throw failures.copySourceMissing(rule.where, rule.sources);
  if (rule.refuseArchives) for (const source of sources) await refuseArchive(source, rule);
  return place(into, sources, rule);
}

function contextSource(context: BuildContext, path: string): Source | undefined {
  const node = (entry: ContextEntry): FileNode => {
    const common = { mode: entry.mode, uid: 0, gid: 0 };
    if (entry.kind === 'directory') return { kind: 'directory', ...common };
    if (entry.kind === 'symlink')
      return { kind: 'symlink', target: entry.target ?? '', ...common, mode: 0o777 };
    return { kind: 'file', content: context.open(entry), ...common };
  };
  const below = (folder: string) =>
    context
      .below(folder)
      .map((entry) => [entry.path.slice(folder === '' ? 0 : folder.length + 1), node(entry)] as const);
  if (path === '') return { name: '', node: folderNode, inside: below('') };
  const found = followed(context, path);
  if (found === undefined) return undefined;
  const name = posix.basename(path);
  return { name, node: node(found), inside: found.kind === 'directory' ? below(found.path) : [] };
}

const folderNode: FileNode = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };

/** The entry that a source names. If it is a link, it is followed, inside the context only. */
function followed(context: BuildContext, path: string): ContextEntry | undefined {
  const direct = context.find(path);
  if (direct && direct.kind !== 'symlink') return direct;
  try {
    return context.find(realInside(context.root, path));
  } catch (thrown) {
    const code = Reflect.get(Object(thrown), 'code');
    if (code === 'ENOENT') return undefined;
    throw code === 'ELOOP' ? new TooManyLinks(path) : thrown;
  }
}

/** Copies out of another stage. */
export function copyFromStage(
  stage: Rootfs<ByteSource>,
  into: Rootfs<ByteSource>,
  rule: CopyRule,
): readonly LayerEntry[] {
  const sources = rule.sources.flatMap((source): readonly Source[] => {
    const cleaned = posix.join('/', source).replace(/(.)\/$/, '$1');
    const paths = isPattern(cleaned)
      ? matching(
          rule,
          cleaned,
          stage.below('/').map(([path]) => path),
        )
      : [cleaned];
    return paths.flatMap((path) => {
      const real = stage.resolve(path, true);
      const node = stage.get(real);
      if (node === undefined) return [];
      const start = real === '/' ? 1 : real.length + 1;
      const inside = stage.below(real).map(([below, one]) => [below.slice(start), one] as const);
      return [{ name: posix.basename(path), node, inside: node.kind === 'directory' ? inside : [] }];
    });
  });
  if (sources.length === 0) throw failures.copySourceMissing(rule.where, rule.sources);
  return place(into, sources, rule);
}

/** The paths that a pattern of the line means. */
function matching({ file, where }: CopyRule, text: string, paths: readonly string[]): readonly string[] {
  try {
    const pattern = readPattern(text, 'copy');
    return paths.filter((path) => pattern.matches(path));
  } catch (thrown) {
    if (!(thrown instanceof PatternMistake)) throw thrown;
    throw failures.dockerfileInvalid(file, [`${where}: ${text} ${thrown.message}`]);
  }
}

/**
 * Rule: Dockerfile reference, "COPY": folders give their content, several sources or a slash mean a folder. Missing folders get the
 * mode of `--chmod`, as BuildKit gives it since 0.21; it had given 0755.
 */
function place(into: Rootfs<ByteSource>, sources: readonly Source[], rule: CopyRule): readonly LayerEntry[] {
  const to = into.resolve(rule.to, true);
  const asFolder = rule.to.endsWith('/') || sources.length > 1 || into.get(to)?.kind === 'directory';
  const entries: LayerEntry[] = [];
  const parents = rule.owner ?? { uid: 0, gid: 0 };
  const parentMode = rule.mode === undefined ? undefined : rule.mode & 0o777;
  const put = (path: string, node: FileNode) => {
    const owned = changed(node, rule);
    entries.push(...into.makeFolder(posix.dirname(path), parents, parentMode));
    // A folder in the source gives its mode and its owner also to one that is there. What is in that stays.
    const there = into.get(path);
    if (owned.kind === 'directory' && there?.kind === 'directory' && isLike(there, owned)) return;
    into.put(path, owned);
    entries.push({ path, ...owned });
  };
  for (const source of sources) {
    if (source.node.kind === 'directory') {
      // Like a missing parent: only what is in the source keeps modes and owners.
      entries.push(...into.makeFolder(to, parents, parentMode));
      for (const [path, node] of source.inside) put(into.resolve(posix.join(to, path), false), node);
    } else {
      put(asFolder ? into.resolve(posix.join(to, source.name), false) : to, source.node);
    }
  }
  return entries;
}

function isLike(a: FileNode, b: FileNode): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}

function changed(node: FileNode, rule: CopyRule): FileNode {
  const mode = rule.mode === undefined || node.kind === 'symlink' ? node.mode : rule.mode;
  return { ...node, ...rule.owner, mode };
}

const TAR_MAGIC = 257; // where a tar archive has the word `ustar`

async function refuseArchive({ name, node }: Source, rule: CopyRule): Promise<void> {
  if (node.kind !== 'file') return;
  const start = await joined(node.content.read(0, Math.min(TAR_MAGIC + 5, node.content.size)));
  const magic = start.subarray(0, 6).toString('latin1');
  const packed = ['\u001f\u008b', 'BZh', '\u00fd7zXZ', '(\u00b5/\u00fd'].some((start) =>
    magic.startsWith(start),
  );
  if (packed || start.subarray(TAR_MAGIC).toString() === 'ustar') {
    throw failures.dockerfileUnsupported('The Dockerfile', [
      `${rule.where}: ADD would unpack ${name}; unpack it before the build and COPY the files, or COPY it as it is`,
    ]);
  }
}
