import type { AccessKeys } from '@tenant-delivery/credentials/iam-access-key/ports';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import { childOf, childrenOf, textOf } from '../by-hand/signed-call.ts';
import { answered, refusalOf } from '../errors/answered.ts';
import { nameOf, required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { iamCaller, keysOf, lastUseOf, tagsIn } from './key-reads.ts';

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
  const ask = iamCaller(config);
  const change = iamCaller(once);
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
        tags: tagsIn(tags),
      };
    },
    list: () => keysOf(ask, user),
    lastUse: (id) => lastUseOf(ask, id),
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
