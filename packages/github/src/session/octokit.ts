import { getOctokit } from '@actions/github';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { GithubAccess } from '../secrets/actions-secrets.ts';
import { type Ask, asking, type Request } from './ask.ts';
import { changing } from './changed.ts';

/** GitHub's REST API with one token. The only file that imports @actions/github. */
export function githubSession(apiUrl: string, token: string, clock: Clock, cancelled?: AbortSignal): Ask {
  return asking(requests(apiUrl, token), clock, cancelled);
}

/** The same, and changes that are sent once. */
export function githubAccess(
  apiUrl: string,
  token: string,
  clock: Clock,
  cancelled?: AbortSignal,
): GithubAccess {
  const request = requests(apiUrl, token);
  return { ask: asking(request, clock, cancelled), change: changing(request) };
}

function requests(apiUrl: string, token: string): Request {
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent: 'tenant-delivery', log: SILENT });
  return (route, parameters) => octokit.request(route, parameters);
}

/** Octokit would print deprecations and request URLs; what matters is said by the adapters. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
