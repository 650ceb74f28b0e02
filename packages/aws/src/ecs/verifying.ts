import type {
  AlarmReader,
  MetricReader,
  ServiceReader,
  TargetAttributeReader,
  TargetReader,
} from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { cloudwatchAlarms } from '../cloudwatch/alarms.ts';
import { cloudwatchRequests } from '../cloudwatch/requests.ts';
import { elbv2Targets } from '../elb/targets.ts';
import type { Session } from '../session/session.ts';
import { ecsServices } from './services.ts';

/** Everything that verifying a service looks at, and nothing that could change one. */
export function verifying(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): {
  readonly services: ServiceReader;
  readonly targets: TargetReader & TargetAttributeReader;
  readonly alarms: AlarmReader;
  readonly metrics: MetricReader;
} {
  return {
    services: ecsServices(session, role),
    targets: elbv2Targets(session, role),
    alarms: cloudwatchAlarms(session, role),
    metrics: cloudwatchRequests(session, role),
  };
}
