import type { Repository } from './repository.ts';
import type { User } from './user.ts';

export interface Issue {
  readonly id: number;
  /** Issues and pull requests of a repository are numbered together. */
  readonly number: number;
  readonly repository: Repository;
  readonly user: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  readonly labels: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
}

/** The next number of an issue or pull request. */
export function nextNumber({ issues, pulls }: Repository): number {
  return issues.length + pulls.length + 1;
}
