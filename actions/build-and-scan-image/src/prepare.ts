import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { type BuildSecret, readBuildSecrets } from '@tenant-delivery/oci/build-secrets';
import {
  type BuildContext,
  contextDigest,
  dockerfileText,
  type WhereBuilt,
} from '@tenant-delivery/oci/context/context';
import { baseReferences } from '@tenant-delivery/oci/dockerfile/bases';
import { readDockerfile } from '@tenant-delivery/oci/dockerfile/read';
import { type BuildArgs, declaredArguments } from '@tenant-delivery/oci/dockerfile/scope';
import { type Base, inputsDigest } from '@tenant-delivery/oci/inputs-digest';
import { baseFacts } from '@tenant-delivery/oci/registry/base-facts';
import type { RegistryReader } from '@tenant-delivery/oci/registry/port';
import { digestsOf, dockerfileIn, openContexts } from './contexts.ts';
import { failures } from './failures.ts';
import type { World } from './ports.ts';
import type { SourceInputs } from './source-inputs.ts';

/** Everything that an image will be made from, looked at once. */
export interface Prepared {
  /** The real paths of the context's folder, and of the Dockerfile's if that is another one. */
  readonly where: WhereBuilt;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Named contexts, by their folders' real paths. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  readonly base: readonly Base[];
  readonly inputs: Digest;
  /** Build arguments that no ARG of the Dockerfile declares, so that they change nothing. */
  readonly undeclared: readonly string[];
}

/** Arguments that BuildKit knows without an ARG ("Predefined ARGs", Dockerfile reference). */
const PREDEFINED = /^(BUILDKIT_.*|((HTTP|HTTPS|FTP|NO|ALL)_PROXY))$/i;

/** Reads context and Dockerfile, and asks the registry what the base images' names point to now. */
export async function prepare(
  given: SourceInputs,
  buildArgs: BuildArgs,
  { runner, variable }: Pick<World, 'runner' | 'variable'>,
  registry: RegistryReader,
): Promise<Prepared> {
  const { workspace, temp } = runner.context;
  const { main, named } = openContexts(workspace, given);
  const where = { context: main.root, ...dockerfileIn(workspace, given) };
  if (!existsSync(join(where.dockerfileFolder ?? main.root, where.dockerfile))) {
    const folder = given.file === undefined ? `the context folder ${given.context}` : 'the workspace';
    throw failures.sourceMissing(`there is no file ${where.dockerfile} in ${folder}`);
  }
  const text = dockerfileText(where);
  const dockerfile = readDockerfile(where.dockerfile, text);
  const secrets = readBuildSecrets(
    { variables: given.secrets, files: given['secret-files'], several: given['secrets-variable'] },
    { variable, file: (path) => secretFile(path, workspace, temp, main) },
  );
  for (const secret of secrets) if (secret.kind === 'value') runner.mask(secret.value);
  const references = baseReferences(dockerfile, buildArgs, given.platforms, given.target).filter(
    (reference) => !named.has(reference),
  );
  const base = await Promise.all(references.map((reference) => baseFacts(registry, reference)));
  const inputs = inputsDigest({
    dockerfile: text,
    context: await contextDigest(main),
    buildArgs,
    base,
    platforms: given.platforms,
    target: given.target,
    labels: given.labels,
    annotations: given.annotations,
    contexts: await digestsOf(named),
    secrets: secrets.map(({ id }) => id).sort(),
  });
  const declared = new Set(['REGISTRY', ...declaredArguments(dockerfile)]);
  const undeclared = Object.keys(buildArgs).filter((name) => !declared.has(name) && !PREDEFINED.test(name));
  const contexts = Object.fromEntries([...named].map(([name, { root }]) => [name, root]));
  return { where, buildArgs, contexts, secrets, base, inputs, undeclared };
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
