import { agreedDays } from '../agreed-days.ts';
import { GITHUB_DEPLOY_KEY_TIMES, type GithubDeployKeyPolicy } from './policy.ts';
import type { GithubDeployKey } from './terms.ts';

/** What is agreed about a deploy key, as its rotation uses it. */
export function agreedGithubDeployKey(terms: GithubDeployKey): GithubDeployKeyPolicy {
  const access = terms.readOnly === false ? 'write' : 'read';
  return { ...GITHUB_DEPLOY_KEY_TIMES, ...agreedDays(terms), access };
}
