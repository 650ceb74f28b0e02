import type {
  DescribeImageReplicationStatusRequest,
  DescribeImageReplicationStatusResponse,
  ImageReplicationStatus,
} from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import { nextReplicationRows } from '../after-push-script.ts';
import { regionsFor, replicationOf } from '../replication.ts';
import { ecrState } from '../store.ts';
import { findDigest, findRepository, imageNotFound } from './lookup.ts';

export function describeImageReplicationStatus(
  input: DescribeImageReplicationStatusRequest,
  call: Call,
): DescribeImageReplicationStatusResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const id = input.imageId ?? {};
  const digest = findDigest(repository, id);
  if (digest === undefined) throw imageNotFound(repository, id);
  const { failures } = replicationOf(call.world, repository.registryId, repository.region);
  const scripted = nextReplicationRows(call.world, repository.registryId, digest);
  return {
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    replicationStatuses:
      scripted ??
      regionsFor(call.world, repository).map((region): ImageReplicationStatus => {
        const at = { region, registryId: repository.registryId };
        const failureCode = failures[region];
        if (failureCode !== undefined) return { ...at, status: 'FAILED', failureCode };
        const there = ecrState(call.world, repository.registryId, region).repositories[repository.name];
        return { ...at, status: there?.manifests[digest] ? 'COMPLETE' : 'IN_PROGRESS' };
      }),
  };
}
