import type { AccessKeyMetadata, Tag } from '@aws-sdk/client-iam';
import type { AccessKey, LastUse } from '@tenant-delivery/credentials/iam-access-key/ports';
import { required, translated } from '../errors/translate.ts';
import { everyIamRow, type IamClient } from './iam-client.ts';

/** The access keys of a user, who is named without the path. */
export async function keysOf(iam: IamClient, user: string): Promise<readonly AccessKey[]> {
  const pages = iam.pages((sdk, client) => sdk.paginateListAccessKeys({ client }, { UserName: user }));
  return (await everyIamRow('iam:ListAccessKeys', pages, 'AccessKeyMetadata')).map(keyIn);
}

export async function lastUseOf(iam: IamClient, id: string): Promise<LastUse> {
  const sent = iam.send((sdk) => new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
  const { AccessKeyLastUsed } = await translated('iam:GetAccessKeyLastUsed', sent);
  const { LastUsedDate, ServiceName, Region } = required(AccessKeyLastUsed, 'AccessKeyLastUsed');
  const service = required(ServiceName, 'ServiceName');
  if (LastUsedDate !== undefined) return { at: LastUsedDate.getTime(), service, region: Region ?? 'N/A' };
  // IAM says N/A and no date for a key that was never used. A service without a date means that the date is missing
  if (service !== 'N/A') throw new TypeError('IAM named a use without its time');
  return 'never';
}

export function tagsIn(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function keyIn({ AccessKeyId, Status, CreateDate }: AccessKeyMetadata): AccessKey {
  const status = required(Status, 'AccessKeyMetadata.Status');
  if (status !== 'Active' && status !== 'Inactive')
    throw new TypeError(`IAM knows a status of keys that we do not: ${status}`);
  return {
    id: required(AccessKeyId, 'AccessKeyMetadata.AccessKeyId'),
    status,
    createdAt: required(CreateDate, 'AccessKeyMetadata.CreateDate').getTime(),
  };
}
