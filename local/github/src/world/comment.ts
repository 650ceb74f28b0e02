import type { Repository } from './repository.ts';
import type { User } from './user.ts';

export interface IssueComment {
  readonly id: number;
  readonly repository: Repository;
  /** Number of the issue or pull request. */
  readonly issue: number;
  readonly user: User;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}
