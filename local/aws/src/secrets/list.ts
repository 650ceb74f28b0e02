import type { ListSecretsCommandInput, ListSecretsCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { pageOf } from '../world/page.ts';
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
  if (unknown) throw new AwsError('NotImplemented', `local-aws lists no secrets by ${unknown.Key}.`, 501);
  const now = world.clock.now();
  const all = Object.values(secretsOf(world, account, region))
    .filter(({ goneAt }) => goneAt === undefined || goneAt > now)
    .filter(({ deletedAt }) => IncludePlannedDeletion || deletedAt === undefined)
    .filter(({ name }) => Filters.every(({ Values = [] }) => beginsWith(name, Values)));
  const ordered = SortOrder === 'asc' ? all : all.toReversed();
  const { items, next } = pageOf(ordered, {
    token: NextToken,
    size: MaxResults,
    refused: () => new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.'),
  });
  return {
    SecretList: items.map((secret) => ({
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
    ...(next !== undefined && { NextToken: next }),
  };
}

/** One of the values, or, behind an exclamation mark, none of them ("Filter", Secrets Manager API reference). */
function beginsWith(name: string, values: readonly string[]): boolean {
  const [not, wanted] = [
    values.filter((value) => value.startsWith('!')),
    values.filter((value) => !value.startsWith('!')),
  ];
  const kept = wanted.length === 0 || wanted.some((value) => name.startsWith(value));
  return kept && !not.some((value) => name.startsWith(value.slice(1)));
}
