import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { IamAccessKeyWorld } from '@tenant-delivery/credentials/iam-access-key/observe';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Masker } from '@tenant-delivery/rotation/secret';
import type { Vault } from '@tenant-delivery/vault/ports';
import { keyTrail } from '../cloudtrail/key-trail.ts';
import { iamAccessKeys } from '../iam/access-keys.ts';
import { awsCaller, keyProof } from '../iam/key-proof.ts';
import { s3Vault } from '../s3/vault.ts';
import { keyEscrow } from '../secrets/key-escrow.ts';
import { type ConfigOf, hearingConfigs } from '../session/hearing-configs.ts';

export interface IamAccessKeyPlace {
  readonly account: string;
  /** The user's name, without its path. */
  readonly user: string;
  /** Name or ARN of the secret that holds the key. */
  readonly escrow: string;
  /** The bucket of the journal. */
  readonly journal: string;
}

interface IamAccessKeyPorts {
  readonly keys: Omit<IamAccessKeyWorld, 'consumers'>;
  readonly time: ServerTime;
}

/** The adapters that the rotation of one access key needs. `configOf` makes a configuration with so many attempts. */
export function openIamAccessKey(
  configOf: ConfigOf,
  clock: Clock,
  { journal, ...names }: IamAccessKeyPlace,
  masker: Masker,
): IamAccessKeyPorts & { readonly vault: Vault } {
  return {
    ...iamAccessKeyPorts(configOf, clock, names, masker),
    vault: s3Vault(configOf(), journal, names.account),
  };
}

/** The same without a journal. */
export function iamAccessKeyPorts(
  configOf: ConfigOf,
  clock: Clock,
  { account, user, escrow }: Omit<IamAccessKeyPlace, 'journal'>,
  masker: Masker,
): IamAccessKeyPorts {
  const { config, once, time } = hearingConfigs(configOf, clock);
  return {
    keys: {
      caller: awsCaller(config),
      keys: iamAccessKeys(config, once, { account, user, masker }),
      trail: keyTrail(config, [config.region]),
      escrow: keyEscrow(config, once, { account, secret: escrow, masker }),
      proof: keyProof(config),
    },
    time,
  };
}
