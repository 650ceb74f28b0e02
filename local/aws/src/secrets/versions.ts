import type {
  ListSecretVersionIdsCommandInput,
  ListSecretVersionIdsCommandOutput,
  UpdateSecretVersionStageCommandInput,
  UpdateSecretVersionStageCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { changeableSecret, secretOf } from './find.ts';
import { CURRENT, labelled, moveLabel } from './labels.ts';
import { changed } from './values.ts';

/** The versions of a secret and the labels on them. */
export const versionOperations: Readonly<Record<string, Handler>> = {
  ListSecretVersionIds: listSecretVersionIds,
  UpdateSecretVersionStage: updateSecretVersionStage,
};

/** Versions without a label are listed only when asked for. */
function listSecretVersionIds(
  { SecretId = '', IncludeDeprecated = false, MaxResults = 100, NextToken }: ListSecretVersionIdsCommandInput,
  call: Call,
): Output<ListSecretVersionIdsCommandOutput> {
  const secret = secretOf(call, SecretId);
  const all = Object.entries(secret.versions).filter(
    ([, { stages }]) => IncludeDeprecated || stages.length > 0,
  );
  const { items, next } = pageOf(all, {
    token: NextToken,
    size: MaxResults,
    refused: () => new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.'),
  });
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: items.map(([id, version]) => ({
      VersionId: id,
      ...(version.stages.length === 0 ? {} : { VersionStages: [...version.stages] }),
      ...(version.accessedAt === undefined ? {} : { LastAccessedDate: dayOf(version.accessedAt) }),
      CreatedDate: new Date(version.createdAt ?? secret.createdAt),
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}

/** Secrets Manager tells the day of an access alone. */
export function dayOf(time: number): Date {
  return new Date(Math.floor(time / 86_400_000) * 86_400_000);
}

function updateSecretVersionStage(
  input: UpdateSecretVersionStageCommandInput,
  call: Call,
): Output<UpdateSecretVersionStageCommandOutput> {
  const { SecretId = '', VersionStage = '', MoveToVersionId, RemoveFromVersionId } = input;
  const secret = changeableSecret(call, SecretId);
  const from = labelled(secret, VersionStage);
  for (const id of [MoveToVersionId, RemoveFromVersionId])
    if (id !== undefined && !secret.versions[id])
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret version: ${id}.`,
      );
  if (VersionStage === CURRENT && MoveToVersionId === undefined)
    throw new AwsError(
      'InvalidParameterException',
      `You can only move staging label ${CURRENT} to a different secret version. It can’t be completely removed.`,
    );
  if (from !== undefined && from !== MoveToVersionId && RemoveFromVersionId !== from)
    throw new AwsError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${from}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  if (RemoveFromVersionId !== undefined && from !== RemoveFromVersionId)
    throw new AwsError(
      'InvalidParameterException',
      `The version ${RemoveFromVersionId} doesn't have the staging label ${VersionStage} attached.`,
    );
  moveLabel(secret, VersionStage, MoveToVersionId);
  changed(call.world, secret);
  return { ARN: secret.arn, Name: secret.name };
}
