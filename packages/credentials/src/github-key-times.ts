import { agreedDays } from './agreed-days.ts';
import type { CredentialOf } from './credential.ts';
import { APP_KEY_TIMES, type AppKeyPolicy } from './github-app-key/policy.ts';
import { DEPLOY_KEY_TIMES, type DeployKeyPolicy } from './github-deploy-key/policy.ts';

/** What is agreed about a deploy key, as its rotation uses it. */
export function agreedDeployKey(terms: CredentialOf<'github-deploy-key'>): DeployKeyPolicy {
  const access = terms.readOnly === false ? 'write' : 'read';
  return { ...DEPLOY_KEY_TIMES, ...agreedDays(terms), access };
}

/** The same of the private key of an App, which knows no grace: GitHub cannot disable it, and people delete it. */
export function agreedAppKey({ maxAgeDays, drainDays }: CredentialOf<'github-app-key'>): AppKeyPolicy {
  return { ...APP_KEY_TIMES, ...agreedDays({ maxAgeDays, drainDays }) };
}
