import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest } from '@tenant-delivery/domain';
import type { BuildArguments, GivenArguments } from '@tenant-delivery/oci/build-arguments';
import {
  type BuildSecret,
  type GivenSecrets,
  readBuildSecrets,
  secretVariables,
} from '@tenant-delivery/oci/build-secrets';
import {
  type BuildContext,
  contextDigest,
  dockerfileText,
  type WhereBuilt,
} from '@tenant-delivery/oci/context/context';
import { baseReferences } from '@tenant-delivery/oci/dockerfile/bases';
import { readDockerfile } from '@tenant-delivery/oci/dockerfile/read';
import { declaredArguments } from '@tenant-delivery/oci/dockerfile/scope';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
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
  /** Names of arguments whose value a builder gets as a variable. */
  readonly argumentsInVariables: readonly string[];
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

/** Stands for the base images of a Dockerfile that we cannot read. */
export const UNREAD = 'unread';

export interface Preparing extends Pick<World, 'runner' | 'variable'> {
  /** Whether buildx will build, and not our own builder. */
  byBuildx(): Promise<boolean>;
}

/** Reads context and Dockerfile, and asks the registry what the base images' names point to now. */
export async function prepare(
  given: SourceInputs,
  { args: buildArgs, fromVariables: argumentsInVariables }: BuildArguments,
  { runner, variable, byBuildx }: Preparing,
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
  const secrets = readBuildSecrets(secretsIn(given), {
    variable,
    file: (path) => secretFile(path, workspace, temp, main),
  });
  for (const secret of secrets) if (secret.kind === 'value') runner.mask(secret.value);
  const read = await readOrAsk(
    () => {
      const dockerfile = readDockerfile(where.dockerfile, text);
      const references = baseReferences(dockerfile, buildArgs, given.platforms, given.target);
      return { references, declared: declaredArguments(dockerfile) };
    },
    { runner, byBuildx },
  );
  const base = await Promise.all(
    read.references
      .filter((reference) => !named.has(reference))
      .map((reference) => (reference === UNREAD ? { reference } : baseFacts(registry, reference))),
  );
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
  const known = new Set(['REGISTRY', ...(read.declared ?? Object.keys(buildArgs))]);
  const undeclared = Object.keys(buildArgs).filter((name) => !known.has(name) && !PREDEFINED.test(name));
  const contexts = Object.fromEntries([...named].map(([name, { root }]) => [name, root]));
  return { where, buildArgs, argumentsInVariables, contexts, secrets, base, inputs, undeclared };
}

function secretsIn(given: SourceInputs): GivenSecrets {
  return { variables: given.secrets, files: given['secret-files'], several: given['secrets-variable'] };
}

/** What the step gives as build arguments. */
export function argumentsIn(given: SourceInputs, variable: World['variable']): GivenArguments {
  return { lines: given['build-args'], secretVariables: secretVariables(secretsIn(given)), variable };
}

interface Read {
  readonly references: readonly string[];
  /** Nothing if the Dockerfile could not be read. */
  readonly declared: readonly string[] | undefined;
}

/**
 * What we read in the Dockerfile decides only if our own builder builds. buildx knows forms that we do not, such as those of
 * another frontend (`# syntax=`): then nobody knows the base images, and no later build reuses the image.
 */
async function readOrAsk(
  read: () => Read,
  { runner, byBuildx }: Pick<Preparing, 'runner' | 'byBuildx'>,
): Promise<Read> {
  try {
    return read();
  } catch (thrown) {
    const unreadable = thrown instanceof Failure && thrown.code === ociFailures.dockerfileInvalid.code;
    if (!unreadable || !(await byBuildx())) throw thrown;
    runner.warning(
      `${thrown.message}. buildx may know better, so it decides; the base images are not known.`,
    );
    return { references: [UNREAD], declared: undefined };
  }
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
