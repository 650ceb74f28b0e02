import { agreedDays } from '@tenant-delivery/credentials/agreed-days';
import type { CredentialOf } from '@tenant-delivery/credentials/credential';
import { frozenUntil } from '@tenant-delivery/credentials/credential-times';
import {
  DEFAULT_ECS_SECRET_POLICY,
  type EcsSecretPolicy,
} from '@tenant-delivery/credentials/secrets-manager/policy';
import type { AgreedInputs } from './inputs.ts';

/** A secret that tasks are given, as the contract has it at that time. */
export function ecsSecretPolicy(
  credential: CredentialOf<'secrets-manager'> | CredentialOf<'repository-credentials'>,
  { wish }: Pick<AgreedInputs, 'wish'>,
  now: number,
): EcsSecretPolicy {
  const { maxAgeDays, drainDays } = credential;
  const ofTasks = credential.kind === 'secrets-manager' ? credential : undefined;
  return {
    ...DEFAULT_ECS_SECRET_POLICY,
    strategy: ofTasks?.strategy ?? 'provider-set',
    pinning: ofTasks !== undefined && ofTasks.pinned !== false,
    ...agreedDays({ maxAgeDays, drainDays }),
    outages: (ofTasks?.outages ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    closedUntil: frozenUntil(credential, now),
    wish,
  };
}
