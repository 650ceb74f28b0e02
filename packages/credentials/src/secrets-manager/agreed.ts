import { agreedDays } from '../agreed-days.ts';
import { frozenUntil } from '../freezes.ts';
import type { RepositoryCredentials } from '../repository-credentials/terms.ts';
import { DEFAULT_SECRETS_MANAGER_POLICY, type SecretsManagerPolicy } from './policy.ts';
import type { SecretsManagerSecret } from './terms.ts';

/** A secret that tasks are given or pull with, as the contract has it at that time. */
export function agreedSecretsManager(
  credential: SecretsManagerSecret | RepositoryCredentials,
  wish: SecretsManagerPolicy['wish'],
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
