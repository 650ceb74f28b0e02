import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { readBuildArguments } from '@tenant-delivery/oci/build-arguments';
import { type BuildSecret, readBuildSecrets } from '@tenant-delivery/oci/build-secrets';
import {
  type BuildContext,
  contextDigest,
  openContext,
  readInside,
} from '@tenant-delivery/oci/context/context';
import { baseReferences } from '@tenant-delivery/oci/dockerfile/bases';
import { readDockerfile } from '@tenant-delivery/oci/dockerfile/read';
import { declaredArguments } from '@tenant-delivery/oci/dockerfile/scope';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { type Base, inputsDigest } from '@tenant-delivery/oci/inputs-digest';
import { baseFacts } from '@tenant-delivery/oci/registry/base-facts';
import type { RegistryReader } from '@tenant-delivery/oci/registry/port';
import { failures } from './failures.ts';
import type { BuildInputs } from './inputs.ts';
import type { World } from './ports.ts';

/** Everything that an image will be made from, looked at once. */
export interface Prepared {
  /** Real path of the context's folder. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Named contexts, by their folders' real paths. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  readonly base: readonly Base[];
  readonly inputs: Digest;
  /** Build arguments that no ARG of the Dockerfile declares, so that they change nothing. */
  readonly undeclared: readonly string[];
}

/** Reads context and Dockerfile, and asks the registry what the base images' names point to now. */
export async function prepare(
  given: BuildInputs,
  { runner, variable }: Pick<World, 'runner' | 'variable'>,
  registry: RegistryReader,
): Promise<Prepared> {
  const { workspace, temp } = runner.context;
  const buildArgs = { ...readBuildArguments(given['build-args']), REGISTRY: registry.host };
  const folder = folderIn(workspace, given.context);
  const context = openContext(folder, given.dockerfile);
  if (!existsSync(join(folder, given.dockerfile))) {
    throw failures.sourceMissing(
      `there is no file ${given.dockerfile} in the context folder ${given.context}`,
    );
  }
  const text = readInside(folder, given.dockerfile).toString();
  const dockerfile = readDockerfile(given.dockerfile, text);
  const contexts = contextFolders(workspace, given['build-contexts']);
  const secrets = readBuildSecrets(
    { variables: given.secrets, files: given['secret-files'], several: given['secrets-variable'] },
    { variable, file: (path) => secretFile(path, workspace, temp, context) },
  );
  for (const secret of secrets) if (secret.kind === 'value') runner.mask(secret.value);
  const references = baseReferences(dockerfile, buildArgs, given.platforms, given.target).filter(
    (reference) => !Object.hasOwn(contexts, reference),
  );
  const base = await Promise.all(references.map((reference) => baseFacts(registry, reference)));
  const inputs = inputsDigest({
    dockerfile: text,
    context: await contextDigest(context),
    buildArgs,
    base,
    platforms: given.platforms,
    target: given.target,
    labels: given.labels,
    annotations: given.annotations,
    contexts: await contextDigests(contexts),
    secrets: secrets.map(({ id }) => id).sort(),
  });
  const declared = new Set(['REGISTRY', ...declaredArguments(dockerfile)]);
  const undeclared = Object.keys(buildArgs).filter((name) => !declared.has(name));
  return { context: folder, buildArgs, contexts, secrets, base, inputs, undeclared };
}

async function contextDigests(
  contexts: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Digest>>> {
  const digests: Record<string, Digest> = {};
  for (const [name, folder] of Object.entries(contexts))
    digests[name] = await contextDigest(openContext(folder, '.'));
  return digests;
}

/** A named context is sent as it is: nothing of ours keeps a checkout's token out of it, so `.git` must not be in it. */
function contextFolders(
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

function secretFile(
  path: string,
  workspace: string,
  temp: string,
  context: BuildContext,
): string | undefined {
  const wanted = resolve(workspace, path);
  if (!existsSync(wanted) || !statSync(wanted).isFile()) return undefined;
  const real = realpathSync(wanted);
  const roots = [workspace, temp].map((folder) => realpathSync(folder));
  const inContext = context.entries.some((entry) => join(context.root, entry.path) === real);
  return roots.some((root) => real.startsWith(root + sep)) && !inContext ? real : undefined;
}

function folderIn(workspace: string, path: string): string {
  const wanted = join(workspace, path);
  if (!existsSync(wanted) || !statSync(wanted).isDirectory()) {
    throw failures.sourceMissing(`${path} is no folder of the workspace`);
  }
  const [root, folder] = [realpathSync(workspace), realpathSync(wanted)];
  if (folder !== root && !folder.startsWith(root + sep)) {
    throw ociFailures.copyOutsideContext([`the context ${path} leads out of the workspace through a link`]);
  }
  return folder;
}
