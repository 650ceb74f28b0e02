import { many, statementsOf } from '../policy/document.ts';
import { matches } from '../policy/wildcard.ts';
import type { RecordedCall } from '../world/calls.ts';
import type { World } from '../world/world.ts';
import { iamOf } from './state.ts';

/** Operations whose IAM action has another name (Service Authorization Reference). */
const ACTIONS: Readonly<Record<string, string>> = {
  'monitoring:DescribeAlarms': 'cloudwatch:DescribeAlarms',
  'monitoring:GetMetricData': 'cloudwatch:GetMetricData',
  's3:HeadObject': 's3:GetObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** The IAM action of an operation, by the service's name in the credential scope. */
export function actionOf(service: string, operation: string): string {
  return ACTIONS[`${service}:${operation}`] ?? `${service}:${operation}`;
}

/** Anybody may ask who they are; a key's own policy alone says who may use it. */
const NEEDS_NO_GRANT = /^(sts:GetCallerIdentity|kms:.*)$/;

/**
 * Calls by role sessions whose role names no such action in its permissions. local-aws answers them all the same: it
 * does not evaluate permission policies yet. At AWS they would be denied, so a test of a whole delivery wants none.
 */
export function ungranted(world: World, calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return calls.filter((call) => {
    const name = /:assumed-role\/([^/]+)\//.exec(call.principal ?? '')?.[1];
    const operation = `${call.service}:${call.operation}`;
    if (name === undefined || NEEDS_NO_GRANT.test(operation)) return false;
    const role = iamOf(world, call.account).roles[name];
    const allowed = Object.values(role?.policies ?? {})
      .flatMap((document) => [...statementsOf(document)])
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => many(Action));
    return !allowed.some((pattern) => matches(pattern, actionOf(call.service, call.operation)));
  });
}
