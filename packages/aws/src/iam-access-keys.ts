import type { AccessKey, AccessKeys } from '@tenant-delivery/rotation/access-key/ports';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import { answered, refusalOf } from './answered.ts';
import type { clientConfig } from './client-config.ts';
import { childOf, childrenOf, queryCaller, textOf, type Xml } from './signed-call.ts';
import { nameOf, required, translated } from './translate.ts';

const IAM = { name: 'iam', variable: 'IAM', version: '2010-05-08', global: true } as const;
const GONE = ['NoSuchEntity', 'NoSuchEntityException'] as const;
const LIMIT: readonly string[] = ['LimitExceeded', 'LimitExceededException'];
const DENIAL = 'td-sessions-before-the-leak';

export interface AccessKeySettings {
  readonly account: string;
  /** The user's name, without its path. */
  readonly user: string;
  readonly masker: Masker;
}

/** The access keys of one user. `once` is a configuration whose requests are sent a single time. */
export function iamAccessKeys(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  { account, user, masker }: AccessKeySettings,
): AccessKeys {
  const ask = queryCaller(IAM, config);
  const change = queryCaller(IAM, once);
  const named = { UserName: user };
  return {
    user: async () => {
      const root = await translated('iam:GetUser', ask('GetUser', named), GONE);
      if (root === 'NoSuchEntity' || root === 'NoSuchEntityException') return undefined;
      const found = childOf(childOf(root, 'GetUserResult'), 'User');
      const arn = required(textOf(found, 'Arn'), 'User.Arn');
      const tags = childrenOf(childOf(found, 'Tags'), 'member');
      return {
        name: required(textOf(found, 'UserName'), 'User.UserName'),
        arn,
        tags: Object.fromEntries(tags.map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''])),
      };
    },
    list: async () => {
      const keys: AccessKey[] = [];
      let marker: string | undefined;
      do {
        const asked = ask('ListAccessKeys', { ...named, ...(marker !== undefined && { Marker: marker }) });
        const root: Xml = await translated('iam:ListAccessKeys', asked);
        const result = required(childOf(root, 'ListAccessKeysResult'), 'ListAccessKeysResult');
        keys.push(...childrenOf(childOf(result, 'AccessKeyMetadata'), 'member').map(keyIn));
        const more = textOf(result, 'IsTruncated') === 'true';
        marker = more ? required(textOf(result, 'Marker'), 'Marker') : undefined;
      } while (marker !== undefined);
      return keys;
    },
    lastUse: async (id) => {
      const asked = ask('GetAccessKeyLastUsed', { AccessKeyId: id });
      const root = await translated('iam:GetAccessKeyLastUsed', asked);
      const result = childOf(root, 'GetAccessKeyLastUsedResult');
      const used = required(childOf(result, 'AccessKeyLastUsed'), 'AccessKeyLastUsed');
      const at = textOf(used, 'LastUsedDate');
      const service = required(textOf(used, 'ServiceName'), 'ServiceName');
      if (at !== undefined) return { at: timeIn(at), service, region: textOf(used, 'Region') ?? 'N/A' };
      // N/A without a date is IAM's word for never; a date that is only missing is not
      if (service !== 'N/A') throw new TypeError('IAM named a use without its time');
      return 'never';
    },
    create: async () => {
      try {
        const root = await change('CreateAccessKey', named);
        const key = childOf(childOf(root, 'CreateAccessKeyResult'), 'AccessKey');
        const [id, secret] = [textOf(key, 'AccessKeyId'), textOf(key, 'SecretAccessKey')];
        if (!id || !secret) return 'unknown';
        return { id, secret: Secret.born(secret, fingerprintOf(account, id), masker) };
      } catch (cause) {
        const refusal = refusalOf(cause);
        return refusal !== 'unknown' && LIMIT.includes(nameOf(cause)) ? { ...refusal, limit: true } : refusal;
      }
    },
    setStatus: (id, status) =>
      answered(change('UpdateAccessKey', { ...named, AccessKeyId: id, Status: status })),
    delete: (id) => answered(change('DeleteAccessKey', { ...named, AccessKeyId: id }), GONE),
    denySessions: (before) =>
      answered(
        change('PutUserPolicy', { ...named, PolicyName: DENIAL, PolicyDocument: denialBefore(before) }),
      ),
  };
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

/** Requests that are signed with the key itself carry no time of issue, and are not denied by this. */
function denialBefore(before: number): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SessionsBeforeTheLeak',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(before).toISOString() } },
      },
    ],
  });
}
