import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { type BuildContext, contextDigest, openContext } from '@tenant-delivery/oci/context/context';
import { weigh } from '@tenant-delivery/oci/context/weight';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { failures } from './failures.ts';
import type { SourceInputs } from './source-inputs.ts';

const MEGABYTE = 1_000_000; // bytes

/** The context of a build, and the named ones that it may copy from. */
export interface Contexts {
  readonly main: BuildContext;
  readonly named: ReadonlyMap<string, BuildContext>;
}

/** Looks at the folders that an image is built from. No file of them is read unless all are small enough. */
export function openContexts(workspace: string, given: SourceInputs): Contexts {
  const { dockerfile, dockerfileFolder } = dockerfileIn(workspace, given);
  const main = openContext(folderIn(workspace, given.context), dockerfile, dockerfileFolder);
  const named = new Map(
    Object.entries(namedFolders(workspace, given['build-contexts'])).map(([name, folder]) => [
      name,
      openContext(folder, '.'),
    ]),
  );
  refuseLarge({ main, named }, given);
  return { main, named };
}

/** The Dockerfile's path, and the folder that it begins at if that is not the context. */
export function dockerfileIn(
  workspace: string,
  { file, dockerfile }: SourceInputs,
): { readonly dockerfile: string; readonly dockerfileFolder?: string } {
  if (file === undefined) return { dockerfile };
  const inside = relative(workspace, resolve(workspace, file));
  if (inside.startsWith('..')) throw failures.sourceMissing(`${file} is no file of the workspace`);
  return { dockerfile: inside, dockerfileFolder: realpathSync(workspace) };
}

export async function digestsOf(named: Contexts['named']): Promise<Readonly<Record<string, Digest>>> {
  const digests: Record<string, Digest> = {};
  for (const [name, context] of named) digests[name] = await contextDigest(context);
  return digests;
}

function refuseLarge({ main, named }: Contexts, given: SourceInputs): void {
  const most = given['context-megabytes'];
  const all = [
    [`The build context ${given.context}`, main] as const,
    ...[...named].map(([name, context]) => [`The named context ${name}`, context] as const),
  ];
  const large = all.flatMap(([what, context]) => {
    const { bytes, largest } = weigh(context);
    if (bytes <= most * MEGABYTE) return [];
    const where = largest.map((one) => `${one.path} (${megabytes(one.bytes)})`).join(', ');
    return [
      `${what} has ${megabytes(bytes)}${where === '' ? ', in many small files' : `, most of it in ${where}`}`,
    ];
  });
  if (large.length > 0) throw failures.contextTooLarge(large, most);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE)} MB`;
}

/** A named context is sent as it is: nothing of ours keeps a checkout's token out of it, so `.git` must not be in it. */
function namedFolders(
  workspace: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found = Object.entries(given).map(([name, path]) => [name, folderIn(workspace, path)] as const);
  const open = found.filter(([, folder]) => existsSync(join(folder, '.git')));
  if (open.length > 0) {
    throw ociFailures.copyOutsideContext(
      open.map(
        ([name]) =>
          `the named context ${name} holds .git, where a checkout keeps its token; name a folder in it`,
      ),
    );
  }
  return Object.fromEntries(found);
}

function folderIn(workspace: string, path: string): string {
  const wanted = resolve(workspace, path);
  if (!existsSync(wanted) || !statSync(wanted).isDirectory()) {
    throw failures.sourceMissing(`${path} is no folder of the workspace`);
  }
  const [root, folder] = [realpathSync(workspace), realpathSync(wanted)];
  if (folder !== root && !folder.startsWith(root + sep)) {
    throw ociFailures.copyOutsideContext([`the context ${path} leads out of the workspace through a link`]);
  }
  return folder;
}
