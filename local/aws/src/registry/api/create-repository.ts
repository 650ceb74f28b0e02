import type { CreateRepositoryRequest, CreateRepositoryResponse } from '@aws-sdk/client-ecr';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { ecrState, type Repository } from '../store.ts';
import { ownRegistry } from './lookup.ts';
import { described } from './repositories.ts';

const NAME = /^(?=.{2,256}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Makes a repository; what is not said is as ECR sets it: mutable tags, AES256. */
export function createRepository(input: CreateRepositoryRequest, call: Call): CreateRepositoryResponse {
  ownRegistry(call, input.registryId);
  const name = input.repositoryName ?? '';
  const { repositories } = ecrState(call.world, call.account, call.region);
  const filters = input.imageTagMutabilityExclusionFilters ?? [];
  const tagMutability = input.imageTagMutability ?? 'MUTABLE';
  const { encryptionType = 'AES256', kmsKey } = input.encryptionConfiguration ?? {};
  if (!NAME.test(name))
    throw new AwsError('InvalidParameterException', "Invalid parameter at 'repositoryName'");
  if (Object.hasOwn(repositories, name))
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${call.account}'`,
    );
  withinQuota(call, 'repositories', Object.keys(repositories).length);
  const repository: Repository = {
    name,
    registryId: call.account,
    region: call.region,
    createdAt: call.world.clock.now(),
    tagMutability,
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    ...(filters.length > 0 && { exclusions: filters.map(({ filter = '' }) => filter) }),
    encryption: { encryptionType, ...(kmsKey !== undefined && { kmsKey }) },
    tags: {},
    manifests: {},
    blobs: {},
    scans: {},
    resourceTags: Object.fromEntries((input.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
  repositories[name] = repository;
  call.world.touched();
  return { repository: described(repository, call) };
}
