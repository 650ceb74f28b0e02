import { createHash } from 'node:crypto';
import { AwsError } from '../world/service.ts';

/** Services of AWS that an endpoint leads to, as much of "AWS services that integrate with AWS PrivateLink" as is known here. */
const INTERFACE: ReadonlySet<string> = new Set([
  'application-autoscaling',
  'backup',
  'cloudformation',
  'cloudtrail',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'elasticloadbalancing',
  'events',
  'inspector2',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'states',
  'sts',
]);
const GATEWAY: ReadonlySet<string> = new Set(['s3', 'dynamodb']);

/** Refuses a service that has no endpoint of this kind in the region. */
export function endpointService(region: string, kind: 'Gateway' | 'Interface', name = ''): string {
  const there = kind === 'Gateway' ? GATEWAY : INTERFACE;
  const before = `com.amazonaws.${region}.`;
  if (name.startsWith(before) && there.has(name.slice(before.length))) return name;
  throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}

/** The list of a service's addresses in a region, to which a gateway endpoint leads. */
export function prefixListOf(region: string, service: string): string {
  return `pl-${createHash('sha256').update(`${region}/${service}`).digest('hex').slice(0, 8)}`;
}
