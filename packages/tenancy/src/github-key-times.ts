import { APP_KEY_TIMES, type AppKeyPolicy } from '@tenant-delivery/rotation/app-key/policy';
import { DEPLOY_KEY_TIMES, type DeployKeyPolicy } from '@tenant-delivery/rotation/deploy-key/policy';
import { DAY } from '@tenant-delivery/rotation/times';
import type { CredentialOf } from './credential-terms.ts';

/** What is agreed about a deploy key, as its rotation uses it. */
export function agreedDeployKey({
  maxAgeDays,
  graceDays,
  drainDays,
  readOnly,
}: CredentialOf<'github-deploy-key'>): DeployKeyPolicy {
  return {
    ...DEPLOY_KEY_TIMES,
    ...(maxAgeDays !== undefined && { maxAge: maxAgeDays * DAY }),
    ...(graceDays !== undefined && { grace: graceDays * DAY }),
    ...(drainDays !== undefined && { drainDeadline: drainDays * DAY }),
    access: readOnly === false ? 'write' : 'read',
  };
}

/** The same of the private key of an App, which knows no grace: GitHub cannot disable it, and people delete it. */
export function agreedAppKey({ maxAgeDays, drainDays }: CredentialOf<'github-app-key'>): AppKeyPolicy {
  return {
    ...APP_KEY_TIMES,
    ...(maxAgeDays !== undefined && { maxAge: maxAgeDays * DAY }),
    ...(drainDays !== undefined && { drainDeadline: drainDays * DAY }),
  };
}
