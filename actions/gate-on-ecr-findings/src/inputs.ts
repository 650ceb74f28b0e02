import { normalize } from 'node:path';
import { inputsOf, readWay } from '@tenant-delivery/action-kit/input-ways';
import { type Given, integer, oneOf, optional, type Reader, text } from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { changeInputs, targetInputs } from '@tenant-delivery/delivery/inputs';
import { parseImage, parseTaggedImage } from '@tenant-delivery/domain';

/** The default policy file of a gate without a contract. */
export const POLICY = '.delivery/scan-policy.yaml';
const PATH = /^(?!\/)[^\0\n]{1,500}$/;
const file = text('a file relative to the workspace', PATH);

const common = {
  mode: optional(oneOf('gate', 're-gate')),
  contract: oneOf('signed', 'none'),
  'scan-minutes': integer(1, 60),
  'github-token': optional(text("the job's token; leave it out to use it")),
};

/** Of a change: contract and manifest say everything else. */
const agreed = { ...common, ...changeInputs, manifest: optional(file) };

const { service: _, ...place } = targetInputs;
/** Of everything that runs in an environment: there is no change, and no one service. */
const running = { ...common, ...place };

/** An image by its digest, or by a tag, as the input `image` has it. */
interface NamedImage {
  readonly repository: string;
  readonly digest?: string | undefined;
  readonly tag?: string | undefined;
}

const image: Reader<NamedImage> = (given) => {
  const named = parseImage(given);
  const tagged = named ? undefined : parseTaggedImage(given);
  if (named && !/:[^/]*$/.test(named.repositoryUri))
    return { value: { repository: named.repositoryUri, digest: named.digest } };
  if (tagged) return { value: { repository: tagged.repositoryUri, tag: tagged.tag } };
  return {
    problem: named ? 'has a tag beside its digest' : 'is no image',
    fix: 'give REGISTRY/REPOSITORY@sha256:…, or with `resolve: tag` REGISTRY/REPOSITORY:TAG',
  };
};

/** Of any image of the job's own account. */
const alone = {
  ...common,
  account: optional(place.account),
  region: optional(place.region),
  image: optional(image),
  resolve: optional(oneOf('none', 'tag')),
  repository: optional(
    text(
      'a repository of ECR by its name, or as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME, without tag and digest',
      /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9][a-z0-9._/-]{1,255}$/,
    ),
  ),
  digest: optional(text("the image's digest, sha256:… with 64 hex digits", /^sha256:[0-9a-f]{64}$/)),
  tag: optional(text('a tag of the image', /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/)),
  policy: optional(file),
  'base-policy': optional(file),
  comment: optional(oneOf('never', 'on-failure', 'always')),
};

/** Every input: what is required depends on `contract`. */
export const inputs = inputsOf(common, agreed, alone);

type Choice = 'contract' | 'mode' | 'github-token';
export type AgreedInputs = Omit<Given<typeof agreed>, Choice>;
export type ReGateInputs = Omit<Given<typeof running>, 'contract' | 'mode'>;
export type AloneInputs = Omit<Given<typeof alone>, 'contract' | 'mode'>;
/** The same once it is known which image is meant. */
export type AloneRequest = Omit<AloneInputs, 'image' | 'resolve' | keyof NamedImage> & NamedImage;
export type GateRequest =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs }
  | { readonly kind: 're-gate'; readonly given: ReGateInputs }
  | { readonly kind: 'alone'; readonly given: AloneRequest };

/** Reads the inputs of the way that `mode` and `contract` name; one of another way is a mistake. */
export function readGateInputs(runner: Runner): GateRequest {
  if (runner.input('mode') === 're-gate') {
    const given = readWay(runner, inputs, {
      way: running,
      others: 'the gate of one change or image',
      further: ({ contract }) =>
        contract === 'none'
          ? ['contract is "none": what runs is known by the signed contract, so remove it']
          : [],
    });
    return { kind: 're-gate', given };
  }
  if (runner.input('contract') !== 'none')
    return { kind: 'agreed', given: readWay(runner, inputs, { way: agreed, others: '`contract: none`' }) };
  const {
    image,
    resolve: _,
    repository = '',
    digest,
    tag,
    ...given
  } = readWay(runner, inputs, {
    way: alone,
    others: 'a contract',
    further: (given) => contradictions(runner, given),
  });
  return { kind: 'alone', given: { ...given, ...(image ?? { repository, digest, tag }) } };
}

function contradictions(runner: Runner, given: AloneInputs): readonly string[] {
  return [...imageMistakes(given), ...policyMistakes(runner, given)];
}

/** One image, and a tag in `image` only where its reader knows that it moves. */
function imageMistakes({ image, resolve, repository, digest, tag }: AloneInputs): readonly string[] {
  const parts = Object.entries({ repository, digest, tag }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (image === undefined && repository === undefined)
    return ['image is missing: give an image, or `repository` with `digest` or `tag`'];
  if (image !== undefined)
    return [
      ...(parts.length > 0
        ? [`${parts.join(', ')} ${parts.length === 1 ? 'is' : 'are'} given beside image: give one of them`]
        : []),
      ...(image.tag !== undefined && resolve !== 'tag'
        ? [
            'image has a tag, which may move: give its digest, REGISTRY/REPOSITORY@sha256:…, or `resolve: tag`',
          ]
        : []),
    ];
  return [
    ...(digest === undefined && tag === undefined
      ? ['digest is missing: give the digest of the image, or a tag']
      : []),
    ...(digest !== undefined && tag !== undefined
      ? ['digest and tag are both given: give one; a digest is what is judged in the end']
      : []),
  ];
}

/** In a pull request its own policy would judge itself. */
function policyMistakes(runner: Runner, given: AloneInputs): readonly string[] {
  const proposed = runner.context.eventName.startsWith('pull_request');
  return [
    ...(proposed && given['base-policy'] === undefined
      ? [
          'base-policy is missing: in a pull request the policy of the base branch judges, so check that out into a folder of its own and give its policy file',
        ]
      : []),
    ...(proposed && normalize(given['base-policy'] ?? '') === normalize(given.policy ?? POLICY)
      ? [
          'base-policy is the same file as policy: in a pull request that is its own, and would judge itself; check the base branch out into a folder of its own and give the file that is there',
        ]
      : []),
  ];
}
