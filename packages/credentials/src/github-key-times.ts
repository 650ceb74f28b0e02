import { agreedDays } from './agreed-days.ts';
import type { CredentialOf } from './credential.ts';
import { GITHUB_APP_KEY_TIMES, type GithubAppKeyPolicy } from './github-app-key/policy.ts';
import { GITHUB_DEPLOY_KEY_TIMES, type GithubDeployKeyPolicy } from './github-deploy-key/policy.ts';

/** What is agreed about a deploy key, as its rotation uses it. */
export function agreedGithubDeployKey(terms: CredentialOf<'github-deploy-key'>): GithubDeployKeyPolicy {
  const access = terms.readOnly === false ? 'write' : 'read';
  return { ...GITHUB_DEPLOY_KEY_TIMES, ...agreedDays(terms), access };
}

/** The same of the private key of an App, which knows no grace: GitHub cannot disable it, and people delete it. */
export function agreedGithubAppKey({
  maxAgeDays,
  drainDays,
}: CredentialOf<'github-app-key'>): GithubAppKeyPolicy {
  return { ...GITHUB_APP_KEY_TIMES, ...agreedDays({ maxAgeDays, drainDays }) };
}
