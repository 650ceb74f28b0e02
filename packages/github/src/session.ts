import { getOctokit } from '@actions/github';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { type Ask, asking } from './ask.ts';

/** GitHub's REST API with one token. The only file that imports @actions/github. */
export function githubSession(apiUrl: string, token: string, clock: Clock, cancelled?: AbortSignal): Ask {
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent: 'tenant-delivery', log: SILENT });
  return asking((route, parameters) => octokit.request(route, parameters), clock, cancelled);
}

/** Octokit would print deprecations and request URLs; what matters is said by the adapters. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
