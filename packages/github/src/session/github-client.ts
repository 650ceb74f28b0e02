import type { getOctokit } from '@actions/github';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { patience } from './patience.ts';

/** GitHub's API with one token: Octokit, with a method for every route, and pagination. */
export type GithubClient = ReturnType<typeof getOctokit>;

/** A client for any token. */
export type ClientFor = (token: string) => Promise<GithubClient>;

/** Loads @actions/github. The only file that does, and the client asks with our patience. */
export async function githubClient(
  apiUrl: string,
  token: string,
  clock: Clock,
  cancelled?: AbortSignal,
): Promise<GithubClient> {
  const { getOctokit } = await import('@actions/github');
  const client = getOctokit(token, { baseUrl: apiUrl, userAgent: 'tenant-delivery', log: SILENT });
  client.hook.wrap('request', patience(clock, cancelled));
  return client;
}

/** Octokit would print deprecations and request URLs; what matters is said by the adapters. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
