import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { BuildRequest, Built, ImageBuilder } from '../builder.ts';
import { type BuildContext, dockerfileText, openContext } from '../context/context.ts';
import { leavingSources } from '../context/leaving.ts';
import { readDockerfile } from '../dockerfile/read.ts';
import { failures } from '../failures.ts';
import { openLayout, rootOf } from '../layout.ts';
import type { RegistryLogin } from '../registry/port.ts';
import { builderEnvironment, dockerConfig } from './environment.ts';
import { type Logins, loginsOf } from './logins.ts';
import { withPrivateConfig } from './private-config.ts';
import { runDocker } from './run-docker.ts';

export interface BuildxWorld {
  /** The runner's environment. The build sees only an allow-list of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder for files that are removed afterwards. */
  readonly temp: string;
  readonly login: RegistryLogin | undefined;
  /** Further logins, which the job made before. A build under a contract has none. */
  readonly logins?: Logins;
  /** Prints a line of the builder, which others wrote. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Docker buildx, asked for an OCI layout on disk: nothing is pushed by it, and no image store rewrites a digest. */
export function buildxBuilder(world: BuildxWorld): ImageBuilder {
  const { env, temp } = world;
  return {
    name: 'buildx',
    build: (request) =>
      withPrivateConfig(
        temp,
        { ...world.logins, ...loginsOf(world.login) },
        `${dockerConfig(env)}/cli-plugins`,
        async (home) => {
          const files = mkdtempSync(join(temp, 'td-dockerfile-'));
          try {
            const dockerfile = copyDockerfile(request, files, world.say);
            mkdirSync(request.output, { recursive: true });
            const run = await runDocker(
              buildxArguments(request, dockerfile),
              builderEnvironment(env, {
                home,
                epoch: request.epoch,
                variables: { ...argumentVariables(request), ...secretVariables(request) },
                cachesAtGitHub: cachesAtGitHub(request),
              }),
              world,
            );
            if (run.code === 'missing') throw failures.builderUnavailable('there is no docker program');
            if (run.code === 'cancelled') throw failures.buildFailed('buildx', 'the job was cancelled');
            if (run.code !== 0) {
              throw failures.buildFailed(
                'buildx',
                `it ended with ${run.code}, last saying ${lastWords(run.output)}`,
              );
            }
            return builtIn(request);
          } finally {
            rmSync(files, { recursive: true, force: true });
          }
        },
      ),
  };
}

/**
 * A build argument is passed as an argument, because every image keeps it readable anyway. In the environment, a name such
 * as EXPERIMENTAL_BUILDKIT_SOURCE_POLICY would change how buildx itself works. One that came from a variable has a name that
 * changes nothing (build-arguments.ts), and is passed by that name, as secrets are.
 */
function buildxArguments(request: BuildRequest, dockerfile: string): readonly string[] {
  return [
    'buildx',
    'build',
    '--progress=plain',
    '--provenance=false',
    '--sbom=false',
    `--platform=${request.platforms.join(',')}`,
    ...(request.target === undefined ? [] : [`--target=${request.target}`]),
    `--output=type=oci,tar=false,oci-mediatypes=true,rewrite-timestamp=true,dest=${request.output}`,
    `--file=${dockerfile}`,
    ...Object.entries(request.buildArgs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) =>
        inVariable(request, name) ? `--build-arg=${name}` : `--build-arg=${name}=${value}`,
      ),
    ...request.base.flatMap(({ reference, digest }) =>
      digest === undefined || reference.includes('@')
        ? []
        : [`--build-context=${reference}=docker-image://${reference.replace(/:[^:/]*$/, '')}@${digest}`],
    ),
    ...Object.entries(request.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...annotationArguments(request),
    ...Object.entries(request.contexts ?? {}).map(([name, folder]) => `--build-context=${name}=${folder}`),
    ...(request.secrets ?? []).map((secret) =>
      secret.kind === 'file'
        ? `--secret=id=${secret.id},type=file,src=${secret.path}`
        : `--secret=id=${secret.id},type=env,env=${variableOf(request, secret.id)}`,
    ),
    ...cacheArguments(request),
    request.context,
  ];
}

/** On every manifest, and on the index if there is one. By default buildx writes them on manifests only. */
function annotationArguments({ annotations = {}, platforms }: BuildRequest): readonly string[] {
  const level = platforms.length > 1 ? 'index,manifest:' : 'manifest:';
  return Object.entries(annotations).map(([name, value]) => `--annotation=${level}${name}=${value}`);
}

/** A variable of our own for each secret, so that no id can be a variable that steers the builder. */
function variableOf({ secrets = [] }: BuildRequest, id: string): string {
  return `TENANT_DELIVERY_SECRET_${secrets.findIndex((secret) => secret.id === id)}`;
}

function inVariable({ argumentsInVariables = [] }: BuildRequest, name: string): boolean {
  return argumentsInVariables.includes(name);
}

function argumentVariables(request: BuildRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(request.buildArgs).filter(([name]) => inVariable(request, name)));
}

function secretVariables(request: BuildRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (request.secrets ?? []).flatMap((secret) =>
      secret.kind === 'value' ? [[variableOf(request, secret.id), secret.value] as const] : [],
    ),
  );
}

function cacheArguments({ caches, noCache, pull }: BuildRequest): readonly string[] {
  return [
    ...(caches?.from ?? []).map((cache) => `--cache-from=${cache}`),
    ...(caches?.to ?? []).map((cache) => `--cache-to=${cache}`),
    ...(noCache === 'of any stage'
      ? ['--no-cache']
      : (noCache ?? []).map((stage) => `--no-cache-filter=${stage}`)),
    ...(pull ? ['--pull'] : []),
  ];
}

function cachesAtGitHub({ caches }: BuildRequest): boolean {
  return [...(caches?.from ?? []), ...(caches?.to ?? [])].some((cache) => /^type=gha(,|$)/.test(cache));
}

/** A copy of the Dockerfile, with an ignore file beside it: the repository's patterns, and `.git`, where a checkout keeps its token. */
function copyDockerfile(request: BuildRequest, files: string, say: BuildxWorld['say']): string {
  const context = openContext(request.context, request.dockerfile, request.dockerfileFolder);
  const text = dockerfileText(request);
  for (const line of whatWeRead(request, text, context)) say(line);
  const copy = join(files, 'Dockerfile');
  writeFileSync(copy, text);
  writeFileSync(`${copy}.dockerignore`, `${context.ignoreText}\n.git\n`);
  return copy;
}

/** For the log alone: what buildx builds is built, also if we cannot read it. */
function whatWeRead(request: BuildRequest, text: string, context: BuildContext): readonly string[] {
  try {
    return leavingSources(readDockerfile(request.dockerfile, text), context);
  } catch (thrown) {
    if (thrown instanceof Failure) return [thrown.message];
    throw thrown;
  }
}

function builtIn(request: BuildRequest): Built {
  const layout = openLayout(request.output);
  try {
    return { layout, root: rootOf(layout) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failures.buildFailed('buildx', `what it wrote is no OCI layout: ${why}`);
  }
}

function lastWords(output: readonly string[]): string {
  return JSON.stringify(output.filter((line) => line.trim() !== '').at(-1) ?? 'nothing');
}
