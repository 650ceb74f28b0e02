import type { AccessKey, LastUse } from '@tenant-delivery/credentials/iam-access-key/ports';
import { childOf, childrenOf, queryCaller, textOf, type Xml } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const IAM = { name: 'iam', variable: 'IAM', version: '2010-05-08', global: true } as const;

type Ask = ReturnType<typeof queryCaller>;

export function iamCaller(config: Parameters<typeof queryCaller>[1] & ReturnType<typeof clientConfig>): Ask {
  return queryCaller(IAM, config);
}

/** Every item of a list of IAM, from all pages. `list`: the element that has them, a `member` each. */
export async function everyMember(
  ask: Ask,
  operation: string,
  parameters: Readonly<Record<string, string>>,
  list: string,
): Promise<readonly Xml[]> {
  const members: Xml[] = [];
  let marker: string | undefined;
  do {
    const asked = ask(operation, { ...parameters, ...(marker !== undefined && { Marker: marker }) });
    const root: Xml = await translated(`iam:${operation}`, asked);
    const result = required(childOf(root, `${operation}Result`), `${operation}Result`);
    members.push(...childrenOf(required(childOf(result, list), list), 'member'));
    const more = textOf(result, 'IsTruncated') === 'true';
    marker = more ? required(textOf(result, 'Marker'), 'Marker') : undefined;
  } while (marker !== undefined);
  return members;
}

/** The access keys of a user, who is named without the path. */
export async function keysOf(ask: Ask, user: string): Promise<readonly AccessKey[]> {
  return (await everyMember(ask, 'ListAccessKeys', { UserName: user }, 'AccessKeyMetadata')).map(keyIn);
}

export async function lastUseOf(ask: Ask, id: string): Promise<LastUse> {
  const root = await translated('iam:GetAccessKeyLastUsed', ask('GetAccessKeyLastUsed', { AccessKeyId: id }));
  const result = childOf(root, 'GetAccessKeyLastUsedResult');
  const used = required(childOf(result, 'AccessKeyLastUsed'), 'AccessKeyLastUsed');
  const at = textOf(used, 'LastUsedDate');
  const service = required(textOf(used, 'ServiceName'), 'ServiceName');
  if (at !== undefined) return { at: timeIn(at), service, region: textOf(used, 'Region') ?? 'N/A' };
  // N/A without a date is IAM's word for never; a date that is only missing is not
  if (service !== 'N/A') throw new TypeError('IAM named a use without its time');
  return 'never';
}

export function tagsIn(tags: readonly Xml[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']));
}

function keyIn(member: Xml): AccessKey {
  const status = required(textOf(member, 'Status'), 'AccessKeyMetadata.Status');
  if (status !== 'Active' && status !== 'Inactive')
    throw new TypeError(`IAM knows a status of keys that we do not: ${status}`);
  return {
    id: required(textOf(member, 'AccessKeyId'), 'AccessKeyMetadata.AccessKeyId'),
    status,
    createdAt: timeIn(required(textOf(member, 'CreateDate'), 'AccessKeyMetadata.CreateDate')),
  };
}

function timeIn(text: string): number {
  const at = Date.parse(text);
  if (!Number.isFinite(at)) throw new TypeError('IAM told a time that is none');
  return at;
}
