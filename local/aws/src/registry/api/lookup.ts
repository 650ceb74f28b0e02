import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { ecrState, type Repository } from '../store.ts';

/** The caller's repository; another registry id than the caller's own is answered as ECR does without a policy for it. */
export function findRepository(
  call: Call,
  name: string | undefined,
  registryId: string | undefined,
): Repository {
  ownRegistry(call, registryId);
  const { repositories } = ecrState(call.world, call.account, call.region);
  const repository = name !== undefined && Object.hasOwn(repositories, name) ? repositories[name] : undefined;
  if (repository === undefined) {
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${call.account}'`,
    );
  }
  return repository;
}

export function ownRegistry(call: Call, registryId: string | undefined): void {
  if (registryId === undefined || registryId === call.account) return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${call.principal?.arn} is not authorized to access the registry with id '${registryId}'`,
  );
}

/** The digest that an identifier means; both members given must agree. */
export function findDigest(repository: Repository, id: ImageIdentifier): string | undefined {
  const byTag =
    id.imageTag !== undefined && Object.hasOwn(repository.tags, id.imageTag)
      ? repository.tags[id.imageTag]
      : undefined;
  if (id.imageTag !== undefined && byTag === undefined) return undefined;
  const digest = id.imageDigest ?? byTag;
  if (digest === undefined || repository.manifests[digest] === undefined) return undefined;
  return byTag !== undefined && byTag !== digest ? undefined : digest;
}

export function imageNotFound(repository: Repository, id: ImageIdentifier): AwsError {
  const said = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId ${said} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  );
}

/** One page of a list; the token is the index of the next row. */
export function page<T>(
  rows: readonly T[],
  maxResults: number | undefined,
  nextToken: string | undefined,
): { readonly rows: readonly T[]; readonly nextToken?: string } {
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError('InvalidParameterException', 'Invalid parameter at nextToken');
  }
  const to = from + (maxResults ?? 100);
  const rest = to < rows.length ? { nextToken: Buffer.from(String(to)).toString('base64url') } : {};
  return { rows: rows.slice(from, to), ...rest };
}
