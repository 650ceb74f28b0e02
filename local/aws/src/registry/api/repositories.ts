import type {
  Repository as DescribedRepository,
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
  GetAuthorizationTokenResponse,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { ecrState, type Repository, repositoryArn, repositoryUri } from '../store.ts';
import { issueToken } from '../tokens.ts';
import { findRepository, ownRegistry, page } from './lookup.ts';

export function getAuthorizationToken(_: object, call: Call): GetAuthorizationTokenResponse {
  const { principal } = call;
  if (!principal) throw new AwsError('AccessDeniedException', 'GetAuthorizationToken must be signed.');
  const { password, expiresAt } = issueToken(call.world, call.region, principal);
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: new Date(expiresAt),
        proxyEndpoint: call.world.url,
      },
    ],
  };
}

export function describeRepositories(
  input: DescribeRepositoriesRequest,
  call: Call,
): DescribeRepositoriesResponse {
  ownRegistry(call, input.registryId);
  const { repositories } = ecrState(call.world, call.account, call.region);
  const names = input.repositoryNames ?? Object.keys(repositories).sort();
  const { rows, nextToken } = page(
    names.map((name) => findRepository(call, name, undefined)),
    input.maxResults,
    input.nextToken,
  );
  return {
    repositories: rows.map((repository) => described(repository, call)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

/** A repository as ECR describes it. */
export function described(repository: Repository, { world }: Call): DescribedRepository {
  return {
    repositoryArn: repositoryArn(repository),
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: repositoryUri(world, repository),
    createdAt: new Date(repository.createdAt),
    imageTagMutability: repository.tagMutability,
    ...(repository.exclusions
      ? {
          imageTagMutabilityExclusionFilters: repository.exclusions.map((filter) => ({
            filter,
            filterType: 'WILDCARD' as const,
          })),
        }
      : {}),
    // the repository's own setting: rules of the registry are not told of here
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush ?? false },
    encryptionConfiguration: repository.encryption,
  };
}
