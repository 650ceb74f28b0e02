import { isLoopback } from '@tenant-delivery/action-kit/clock';
import { isLocalAccount } from '@tenant-delivery/domain';
import { failures } from './failures.ts';

/**
 * Refuses endpoints that the environment puts in the place of AWS's own: whoever answers there would be given the job's
 * identity token. Accounts that AWS has never issued are reached on this machine, and all others at AWS.
 */
export function requireOwnEndpoints(
  account: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const local = account !== undefined && isLocalAccount(account);
  const foreign = Object.entries(env)
    .filter(([name, value]) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && value)
    .filter(([, value]) => !(local && isLoopback(value ?? '')))
    .map(([name]) => name);
  if (foreign.length > 0) throw failures.endpointRefused(foreign, account);
}
