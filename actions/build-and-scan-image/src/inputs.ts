import { inputsOf, readWay } from '@tenant-delivery/action-kit/input-ways';
import {
  boolean,
  type Given,
  integer,
  lines,
  oneOf,
  optional,
  otherwise,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { changeInputs } from '@tenant-delivery/delivery/inputs';
import { annotationLines } from './alone/annotations.ts';
import { cachesFrom, cachesTo } from './alone/caches.ts';
import { contextFolder } from './alone/context-reader.ts';
import { imageNames, whyNotOneRepository } from './alone/image-names.ts';
import { anyPlatforms, listed, pairs, taskPlatforms } from './input-readers.ts';

/** A relative path that does not climb; what it leads to through links is judged when it is opened. */
const INSIDE = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u;

/** The same, or the whole path of something in the workspace, such as `${{ github.workspace }}/docker/Dockerfile`. */
const OF_WORKSPACE = /^(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u;

/** A tag; not one under which tools keep signatures, nor one of a revision. */
const VERSION = /^(?!sha256-)(?![0-9a-f]{40})[A-Za-z0-9_][\w.-]{0,127}$/;
const CONTEXT = /^[a-z0-9][a-z0-9._-]*$/;
const REPOSITORY = /^[a-z0-9]+([._/-][a-z0-9]+)*$/;
const LABEL = /^[A-Za-z0-9][\w./-]*$/;
/** Source and revision are said by this action. */
const OTHER_LABEL = /^(?!org\.opencontainers\.image\.(revision|source)$)[A-Za-z0-9][\w./-]*$/;
const STAGE = /^[A-Za-z0-9][\w.-]*$/;

const common = {
  contract: oneOf('signed', 'none'),
  context: text('a folder of the workspace, such as . or services/orders', INSIDE),
  'context-megabytes': integer(1, 1_000_000),
  dockerfile: text('a path inside the context, such as Dockerfile', INSIDE),
  platforms: taskPlatforms,
  platform: optional(taskPlatforms),
  'build-args': lines(),
  target: optional(text('the name of a stage of the Dockerfile', STAGE)),
  'build-contexts': pairs('a name and a folder of the workspace, as assets=web/dist', CONTEXT, INSIDE),
  secrets: lines(),
  'secret-files': lines(),
  'secrets-variable': optional(text('the name of a variable, as BUILD_SECRETS', /^[A-Za-z_]\w*$/)),
  builder: oneOf('auto', 'buildx', 'own'),
  'replication-minutes': integer(1, 120),
};

/** The image of a change: contract and manifest say where it goes. */
const agreed = {
  ...common,
  ...changeInputs,
  labels: pairs('a label, as org.opencontainers.image.title=Orders', OTHER_LABEL),
  annotations: pairs('an annotation, as org.opencontainers.image.version=1.2.3', OTHER_LABEL),
  version: optional(text('a tag such as 1.4.0, and none that tools or this action make', VERSION)),
  'cache-repository': optional(
    text('the name of a repository of the registry, as acme/orders-cache', REPOSITORY),
  ),
  'scan-minutes': otherwise('15', integer(1, 60)),
};

/** Any image, with the credentials that the job has. */
const alone = {
  ...common,
  account: optional(changeInputs.account),
  region: optional(changeInputs.region),
  context: contextFolder,
  file: optional(text('a path in the workspace, such as docker/Dockerfile', OF_WORKSPACE)),
  'build-contexts': pairs('a name and a folder of the workspace, as assets=web/dist', CONTEXT, OF_WORKSPACE),
  platforms: anyPlatforms,
  platform: optional(anyPlatforms),
  tags: imageNames,
  push: otherwise('false', boolean),
  load: otherwise('false', boolean),
  labels: pairs('a label, as org.opencontainers.image.title=Orders', LABEL),
  annotations: annotationLines,
  'cache-from': cachesFrom,
  'cache-to': cachesTo,
  'no-cache': otherwise('false', boolean),
  'no-cache-filters': listed('names of stages', STAGE),
  pull: otherwise('false', boolean),
  'scan-minutes': optional(integer(1, 60)),
};

/** Every input: what is required depends on `contract`. */
export const inputs = inputsOf(common, agreed, alone);

type Choice = 'contract' | 'platform';
export type BuildInputs = Omit<Given<typeof agreed>, Choice>;
export type AloneInputs = Omit<Given<typeof alone>, Choice>;
export type BuildRequested =
  | { readonly kind: 'agreed'; readonly given: BuildInputs }
  | { readonly kind: 'alone'; readonly given: AloneInputs };

/** Reads the inputs of the way that `contract` names; one of the other way is a mistake. */
export function readBuildInputs(runner: Runner): BuildRequested {
  if (runner.input('contract') === 'none') {
    const given = readWay(runner, inputs, { way: alone, others: 'a contract', further: mistakesOf });
    return { kind: 'alone', given: withoutAliases(given) };
  }
  const given = readWay(runner, inputs, { way: agreed, others: '`contract: none`' });
  return { kind: 'agreed', given: withoutAliases(given) };
}

/** `platform` is another name for `platforms`; the one that was given without a default wins. */
function withoutAliases<T extends { readonly platforms: P; readonly platform: P | undefined }, P>({
  platform,
  ...given
}: T) {
  return { ...given, platforms: platform ?? given.platforms };
}

/** Each reader sees its own input alone; these are about two. */
function mistakesOf(given: Given<typeof alone>): readonly string[] {
  const { tags, push, load, platforms, platform } = given;
  const named = [...(push ? ['push'] : []), ...(load ? ['load'] : [])];
  return [
    ...(named.length > 0 && tags.length === 0
      ? [`tags is missing: ${named.join(' and ')} needs a name for the image, such as orders:1.4.0`]
      : []),
    ...(push ? whyNotOneRepository(tags) : []),
    ...(load && (platform ?? platforms).length > 1
      ? ["load is given with several platforms: leave it out, or give one; the runner's Docker runs one"]
      : []),
    ...(given.file !== undefined && given.dockerfile !== 'Dockerfile'
      ? [
          'file and dockerfile are both given: give `dockerfile` for a path inside the context, or `file` for one in the workspace',
        ]
      : []),
    ...(given['scan-minutes'] !== undefined && !push
      ? ['scan-minutes is given without push: an image that is not pushed is not inspected; leave it out']
      : []),
  ];
}
