import type { Repository } from './repository.ts';
import type { User } from './user.ts';

export interface Review {
  readonly id: number;
  readonly user: User;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly body: string;
  /** The head that was reviewed. */
  readonly commit: string;
  readonly submittedAt: number;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  /** Where it asks to be merged. */
  readonly repository: Repository;
  /** Differs from `repository` for a pull request from a fork. */
  readonly headRepository: Repository;
  /** Branch names. */
  readonly headRef: string;
  readonly baseRef: string;
  readonly headSha: string;
  readonly baseSha: string;
  /** `refs/pull/N/merge`; null while there are conflicts. */
  readonly mergeSha: string | null;
  readonly user: User;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly reviews: Review[];
}
