import type { Service, ServiceDeployment, TargetState, Task } from '../observed.ts';
import type { Question } from './next-question.ts';

/** What one question was answered. `at` is when it was asked, in milliseconds since the epoch. */
export type Answer =
  | { readonly kind: 'deployment'; readonly at: number; readonly deployment: ServiceDeployment }
  /** This role may not look at service deployments. */
  | { readonly kind: 'deployment-denied'; readonly at: number }
  /** The service, with its word for our rollout. */
  | { readonly kind: 'service'; readonly at: number; readonly service: Service | undefined }
  /** The service, asked for its events or its task definition alone. */
  | { readonly kind: 'events'; readonly at: number; readonly service: Service | undefined }
  /** Stopped tasks of the service, without those that are over. */
  | { readonly kind: 'stopped'; readonly at: number; readonly tasks: readonly Task[] }
  | { readonly kind: 'essential'; readonly containers: ReadonlySet<string> | undefined }
  | { readonly kind: 'groups'; readonly groups: readonly string[] }
  | TargetsAnswer
  /** What explains and does not decide could not be read. */
  | { readonly kind: 'unread'; readonly question: Question; readonly at: number; readonly denied: boolean };

export interface TargetsAnswer {
  readonly kind: 'targets';
  readonly at: number;
  /** Running tasks of the service that were not known; `undefined` if nobody asked, because those that are known still count. */
  readonly running: readonly Task[] | undefined;
  /** Targets of all groups of ours. */
  readonly targets: readonly TargetState[];
}
