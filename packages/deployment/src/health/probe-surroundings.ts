import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { containerNamed, isObject } from '../task-definition/task-definition.ts';
import type { ProbeDefinition } from './probe-definition.ts';

/**
 * Where a probe runs, as RunTask takes it: subnets and security groups of the service, never a public address, always on
 * Fargate, so that it needs no room among the service's own machines. `undefined` for a service without a network of its own.
 */
export function probePlace(service: JsonObject): JsonObject | undefined {
  const network = memberOf(service['networkConfiguration'], 'awsvpcConfiguration');
  const subnets = textsIn(network, 'subnets');
  if (subnets.length === 0) return undefined;
  const awsvpcConfiguration = {
    subnets,
    securityGroups: textsIn(network, 'securityGroups'),
    assignPublicIp: 'DISABLED',
  };
  return { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration } };
}

/** With what ECS starts a probe: the service's execution role, and its container's log group where it has one. */
export function probeMeans(
  document: TaskDefinitionDocument,
  container: string,
): Pick<ProbeDefinition, 'executionRole' | 'log'> {
  const role = document['executionRoleArn'];
  const executionRole = typeof role === 'string' && role !== '' ? role : undefined;
  const configuration = containerNamed(document, container)?.['logConfiguration'];
  const options = memberOf(configuration, 'options');
  const [group, region] = [memberOf(options, 'awslogs-group'), memberOf(options, 'awslogs-region')];
  const logs =
    isObject(configuration) && configuration['logDriver'] === 'awslogs' && executionRole !== undefined;
  const log = logs && typeof group === 'string' && typeof region === 'string' ? { group, region } : undefined;
  return { executionRole, log };
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function textsIn(value: Json | undefined, name: string): readonly string[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
