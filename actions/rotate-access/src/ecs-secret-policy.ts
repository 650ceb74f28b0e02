import { agreedDays } from '@tenant-delivery/credentials/agreed-days';
import type { CredentialOf } from '@tenant-delivery/credentials/credential';
import { frozenUntil } from '@tenant-delivery/credentials/credential-times';
import {
  DEFAULT_SECRETS_MANAGER_POLICY,
  type SecretsManagerPolicy,
} from '@tenant-delivery/credentials/secrets-manager/policy';
import type { AgreedInputs } from './inputs.ts';

/** A secret that tasks are given, as the contract has it at that time. */
export function secretsManagerPolicy(
  credential: CredentialOf<'secrets-manager'> | CredentialOf<'repository-credentials'>,
  { wish }: Pick<AgreedInputs, 'wish'>,
  now: number,
): SecretsManagerPolicy {
  const { maxAgeDays, drainDays } = credential;
  const ofTasks = credential.kind === 'secrets-manager' ? credential : undefined;
  return {
    ...DEFAULT_SECRETS_MANAGER_POLICY,
    strategy: ofTasks?.strategy ?? 'provider-set',
    pinning: ofTasks !== undefined && ofTasks.pinned !== false,
    ...agreedDays({ maxAgeDays, drainDays }),
    outages: (ofTasks?.outages ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    closedUntil: frozenUntil(credential, now),
    wish,
  };
}
