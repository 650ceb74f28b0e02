import type { AccessKeys } from '@tenant-delivery/credentials/iam-access-key/ports';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import { answered, refusalOf } from '../errors/answered.ts';
import { nameOf, required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { iamClient } from './iam-client.ts';
import { keysOf, lastUseOf, tagsIn } from './key-reads.ts';

const GONE = 'NoSuchEntityException';
const DENIAL = 'td-sessions-before-the-leak';

export interface IamAccessKeySettings {
  readonly account: string;
  /** The user's name, without its path. */
  readonly user: string;
  readonly masker: Masker;
}

/** The access keys of one user. `once` is a configuration whose requests are sent a single time. */
export function iamAccessKeys(
  config: ClientConfig,
  once: ClientConfig,
  { account, user: UserName, masker }: IamAccessKeySettings,
): AccessKeys {
  const iam = iamClient(config);
  const iamOnce = iamClient(once);
  return {
    user: async () => {
      const sent = iam.send((sdk) => new sdk.GetUserCommand({ UserName }));
      const answer = await translated('iam:GetUser', sent, [GONE]);
      if (answer === GONE) return undefined;
      const user = required(answer.User, 'User');
      return {
        name: required(user.UserName, 'User.UserName'),
        arn: required(user.Arn, 'User.Arn'),
        tags: tagsIn(user.Tags ?? []),
      };
    },
    list: () => keysOf(iam, UserName),
    lastUse: (id) => lastUseOf(iam, id),
    create: async () => {
      try {
        const { AccessKey } = await iamOnce.send((sdk) => new sdk.CreateAccessKeyCommand({ UserName }));
        const { AccessKeyId: id, SecretAccessKey: secret } = AccessKey ?? {};
        if (!id || !secret) return 'unknown';
        return { id, secret: Secret.born(secret, fingerprintOf(account, id), masker) };
      } catch (cause) {
        const refusal = refusalOf(cause);
        return refusal !== 'unknown' && nameOf(cause) === 'LimitExceededException'
          ? { ...refusal, limit: true }
          : refusal;
      }
    },
    setStatus: (AccessKeyId, Status) =>
      answered(iamOnce.send((sdk) => new sdk.UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }))),
    delete: (AccessKeyId) =>
      answered(
        iamOnce.send((sdk) => new sdk.DeleteAccessKeyCommand({ UserName, AccessKeyId })),
        [GONE],
      ),
    denySessions: (before) => {
      const denial = { UserName, PolicyName: DENIAL, PolicyDocument: denialBefore(before) };
      return answered(iamOnce.send((sdk) => new sdk.PutUserPolicyCommand(denial)));
    },
  };
}

/** Denies sessions that were issued before this time. Requests signed with the key itself have no such time and still pass. */
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
