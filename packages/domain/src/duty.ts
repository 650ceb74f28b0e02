import type { ChangeState } from './change.ts';

/** What a signing key is for. One key per duty, so that no job can speak for another. */
export const DUTIES = ['contract', 'build', 'gate', 'approve', 'deploy', 'rotate', 'review'] as const;

export type Duty = (typeof DUTIES)[number];

/** The roles of one tenant environment: `/td/<environment>/td-<environment>-<role>`. `evidence` writes what deliveries record, `journal` what rotations and grants do. */
export const ROLES = [
  'pull-request',
  'read',
  'build',
  'gate',
  'approve',
  'deploy',
  'redeploy',
  'rotate',
  'rotate-secret',
  'rotate-registry',
  'rotate-vpn',
  'access',
  'report',
  'evidence',
  'journal',
] as const;

export type Role = (typeof ROLES)[number];

/** Which states a duty's key may move a change into. The contract key signs no events, and the rotate key journals alone. */
export const TRANSITIONS_OF: Readonly<Record<Duty, readonly ChangeState[]>> = {
  contract: [],
  // It ends open changes of runs that are over, and what a rollback supersedes.
  build: ['proposed', 'built', 'abandoned'],
  // A rejected job never starts, so its own key cannot say so; saying no only stops things.
  gate: ['gated', 'denied', 'planned', 'unchanged', 'rejected', 'withdrawn', 'abandoned'],
  approve: ['approved', 'rejected', 'expired'],
  deploy: ['deploying', 'verified', 'failed', 'rolled-back', 'closed', 'abandoned'],
  rotate: [],
  review: [],
};
