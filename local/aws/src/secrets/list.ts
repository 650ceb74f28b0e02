import type { ListSecretsCommandInput, ListSecretsCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { secretsOf } from './state.ts';

/** Secrets of the account in the region, in the order of their making. */
export const listOperations: Readonly<Record<string, Handler>> = { ListSecrets: listSecrets };

/** Names are matched by how they begin, and letters count as they are; those to be deleted only where that is asked. */
function listSecrets(
  {
    Filters = [],
    IncludePlannedDeletion = false,
    MaxResults = 100,
    NextToken,
    SortOrder,
  }: ListSecretsCommandInput,
  { world, account, region }: Call,
): Output<ListSecretsCommandOutput> {
  const unknown = Filters.find(({ Key }) => Key !== 'name');
  if (unknown)
    throw new AwsError('InvalidParameterException', `local-aws lists no secrets by ${unknown.Key}.`);
  const start = Number(NextToken ?? 0);
  if (!Number.isInteger(start))
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const now = world.clock.now();
  const all = Object.values(secretsOf(world, account, region))
    .filter(({ goneAt }) => goneAt === undefined || goneAt > now)
    .filter(({ deletedAt }) => IncludePlannedDeletion || deletedAt === undefined)
    .filter(({ name }) => Filters.every(({ Values = [] }) => Values.some((value) => name.startsWith(value))));
  const ordered = SortOrder === 'asc' ? all : all.toReversed();
  const end = start + MaxResults;
  return {
    SecretList: ordered.slice(start, end).map((secret) => ({
      ARN: secret.arn,
      Name: secret.name,
      LastChangedDate: new Date(secret.changedAt),
      CreatedDate: new Date(secret.createdAt),
      ...(secret.deletedAt === undefined ? {} : { DeletedDate: new Date(secret.deletedAt) }),
      Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
      SecretVersionsToStages: Object.fromEntries(
        Object.entries(secret.versions).map(([id, { stages }]) => [id, [...stages]]),
      ),
    })),
    ...(end < ordered.length ? { NextToken: String(end) } : {}),
  };
}
