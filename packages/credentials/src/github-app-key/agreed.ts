import { agreedDays } from '../agreed-days.ts';
import { GITHUB_APP_KEY_TIMES, type GithubAppKeyPolicy } from './policy.ts';
import type { GithubAppKey } from './terms.ts';

/** What is agreed about the private key of an App. It has no grace: GitHub cannot disable it, and people delete it. */
export function agreedGithubAppKey({ maxAgeDays, drainDays }: GithubAppKey): GithubAppKeyPolicy {
  return { ...GITHUB_APP_KEY_TIMES, ...agreedDays({ maxAgeDays, drainDays }) };
}
