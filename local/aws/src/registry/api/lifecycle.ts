import type {
  GetLifecyclePolicyPreviewRequest,
  GetLifecyclePolicyPreviewResponse,
  GetLifecyclePolicyRequest,
  GetLifecyclePolicyResponse,
  LifecyclePolicyPreviewResult,
  PutLifecyclePolicyRequest,
  PutLifecyclePolicyResponse,
  StartLifecyclePolicyPreviewRequest,
  StartLifecyclePolicyPreviewResponse,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { apply, type LifecycleResult, readPolicy } from '../lifecycle.ts';
import { type Repository, tagsOf } from '../store.ts';
import { findDigest, findRepository, page } from './lookup.ts';

/** Virtual milliseconds that a preview takes. */
const PREVIEWED_AFTER = 5_000;

export function putLifecyclePolicy(input: PutLifecyclePolicyRequest, call: Call): PutLifecyclePolicyResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const policy = input.lifecyclePolicyText ?? '';
  repository.lifecycle = { ...repository.lifecycle, policy };
  call.world.touched();
  return { ...named(repository), lifecyclePolicyText: policy };
}

export function getLifecyclePolicy(input: GetLifecyclePolicyRequest, call: Call): GetLifecyclePolicyResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  return { ...named(repository), lifecyclePolicyText: policyOf(repository) };
}

/** Tries a policy, or the repository's own where none is given. */
export function startLifecyclePolicyPreview(
  input: StartLifecyclePolicyPreviewRequest,
  call: Call,
): StartLifecyclePolicyPreviewResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const now = call.world.clock.now();
  const policy = input.lifecyclePolicyText ?? policyOf(repository);
  const running = repository.lifecycle?.preview;
  if (running !== undefined && now - running.startedAt < PREVIEWED_AFTER)
    throw new AwsError(
      'LifecyclePolicyPreviewInProgressException',
      `A preview of ${repository.name} is in progress`,
    );
  repository.lifecycle = { ...repository.lifecycle, preview: { policy, startedAt: now } };
  call.world.touched();
  return { ...named(repository), lifecyclePolicyText: policy, status: 'IN_PROGRESS' };
}

export function getLifecyclePolicyPreview(
  input: GetLifecyclePolicyPreviewRequest,
  call: Call,
): GetLifecyclePolicyPreviewResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const preview = repository.lifecycle?.preview;
  if (preview === undefined)
    throw new AwsError(
      'LifecyclePolicyPreviewNotFoundException',
      `There is no preview of ${repository.name}`,
    );
  const said = { ...named(repository), lifecyclePolicyText: preview.policy };
  if (call.world.clock.now() - preview.startedAt < PREVIEWED_AFTER) return { ...said, status: 'IN_PROGRESS' };
  const results = apply(call.world, repository, readPolicy(preview.policy));
  const wanted = input.imageIds?.map((id) => findDigest(repository, id));
  const fitting = results.filter(({ digest }) => wanted === undefined || wanted.includes(digest));
  const { rows, nextToken } = page(fitting, input.maxResults, input.nextToken);
  const transitions = results.filter(({ action }) => action === 'TRANSITION').length;
  return {
    ...said,
    status: 'COMPLETE',
    previewResults: rows.map((row) => resultOf(repository, row)),
    summary: {
      expiringImageTotalCount: results.length - transitions,
      ...(transitions > 0 && {
        transitioningImageTotalCounts: [{ targetStorageClass: 'ARCHIVE', imageTotalCount: transitions }],
      }),
    },
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function resultOf(
  repository: Repository,
  { digest, stored, action, priority }: LifecycleResult,
): LifecyclePolicyPreviewResult {
  return {
    imageTags: tagsOf(repository, digest),
    imageDigest: digest,
    imagePushedAt: new Date(stored.pushedAt),
    action: { type: action, ...(action === 'TRANSITION' && { targetStorageClass: 'ARCHIVE' }) },
    appliedRulePriority: priority,
    storageClass: stored.archive === undefined ? 'STANDARD' : 'ARCHIVE',
  };
}

function policyOf({ name, lifecycle, registryId }: Repository): string {
  if (lifecycle?.policy !== undefined) return lifecycle.policy;
  throw new AwsError(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  );
}

function named({ name, registryId }: Repository) {
  return { registryId, repositoryName: name };
}
