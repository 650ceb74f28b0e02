import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import {
  type Base,
  baseFacts,
  baseReferences,
  contextDigest,
  declaredArguments,
  inputsDigest,
  failures as ociFailures,
  openContext,
  type RegistryReader,
  readBuildArguments,
  readDockerfile,
  readInside,
} from '@tenant-delivery/oci';
import { failures } from './failures.ts';
import type { BuildInputs } from './inputs.ts';

/** Everything that an image will be made from, looked at once. */
export interface Prepared {
  /** Real path of the context's folder. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly base: readonly Base[];
  readonly inputs: Digest;
  /** Build arguments that no ARG of the Dockerfile declares, so that they change nothing. */
  readonly undeclared: readonly string[];
}

/** Reads context and Dockerfile, and asks the registry what the base images' names stand for now. */
export async function prepare(
  given: BuildInputs,
  workspace: string,
  registry: RegistryReader,
): Promise<Prepared> {
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
  const references = baseReferences(dockerfile, buildArgs, given.platforms, given.target);
  const base = await Promise.all(references.map((reference) => baseFacts(registry, reference)));
  const inputs = inputsDigest({
    dockerfile: text,
    context: contextDigest(context),
    buildArgs,
    base,
    platforms: given.platforms,
    target: given.target,
  });
  const declared = new Set(['REGISTRY', ...declaredArguments(dockerfile)]);
  const undeclared = Object.keys(buildArgs).filter((name) => !declared.has(name));
  return { context: folder, buildArgs, base, inputs, undeclared };
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
