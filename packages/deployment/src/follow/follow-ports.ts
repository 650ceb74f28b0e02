import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ServiceReader, TargetReader } from '../ports.ts';

/** What a deployment is followed through. It only looks; what changes the deployment is handed in beside it. */
export interface FollowPorts {
  readonly runner: Pick<Runner, 'info' | 'warning' | 'verbatim' | 'cancelled'>;
  readonly clock: Clock;
  readonly services: ServiceReader;
  readonly targets: TargetReader;
}
