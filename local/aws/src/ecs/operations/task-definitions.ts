import type {
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput,
  ListTaskDefinitionFamiliesCommandInput,
  ListTaskDefinitionFamiliesCommandOutput,
  ListTaskDefinitionsCommandInput,
  ListTaskDefinitionsCommandOutput,
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { ecsArn, ecsStore, findTaskDefinition, type TaskDefinitionRecord } from '../store.ts';
import { addTags, tagsOf } from '../tags.ts';
import {
  compatibilitiesOf,
  completeTaskDefinition,
  describeTaskDefinition as describe,
} from '../task-definition.ts';
import { page } from './page.ts';

/** Always makes a new revision, even of equal content, as ECS does. */
export function registerTaskDefinition(
  input: RegisterTaskDefinitionCommandInput,
  call: Call,
): Output<RegisterTaskDefinitionCommandOutput> {
  const { world, account, region, principal } = call;
  const store = ecsStore(world, account, region);
  const content = completeTaskDefinition(input);
  const family = input.family ?? '';
  store.families[family] ??= [];
  const revisions = store.families[family];
  const revision = (revisions.at(-1)?.revision ?? 0) + 1;
  const record: TaskDefinitionRecord = {
    arn: ecsArn(account, region, `task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    registeredAt: world.clock.now(),
    registeredBy: principal?.arn,
    deregisteredAt: undefined,
    content: structuredClone(content),
    compatibilities: compatibilitiesOf(input, call),
  };
  addTags(store, record.arn, input.tags ?? []);
  revisions.push(record);
  world.touched();
  return { taskDefinition: describe(record), tags: tagsOf(store, record.arn) };
}

export function describeTaskDefinition(
  { taskDefinition = '', include }: DescribeTaskDefinitionCommandInput,
  { world, account, region }: Call,
): Output<DescribeTaskDefinitionCommandOutput> {
  const store = ecsStore(world, account, region);
  const record = findTaskDefinition(store, taskDefinition);
  if (!record) throw new AwsError('ClientException', 'Unable to describe task definition.');
  return {
    taskDefinition: describe(record),
    ...(include?.includes('TAGS') ? { tags: tagsOf(store, record.arn) } : {}),
  };
}

export function listTaskDefinitions(
  input: ListTaskDefinitionsCommandInput,
  { world, account, region }: Call,
): Output<ListTaskDefinitionsCommandOutput> {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const { families } = ecsStore(world, account, region);
  const arns = Object.keys(families)
    .sort()
    .filter((family) => familyPrefix === undefined || family === familyPrefix)
    .flatMap((family) => families[family] ?? [])
    .filter((record) => record.status === status)
    .map(({ arn }) => arn);
  const { items, next } = page(sort === 'DESC' ? arns.reverse() : arns, input);
  return { taskDefinitionArns: items, ...next };
}

/** A family is inactive once it has no active revision ("ListTaskDefinitionFamilies"). */
export function listTaskDefinitionFamilies(
  input: ListTaskDefinitionFamiliesCommandInput,
  { world, account, region }: Call,
): Output<ListTaskDefinitionFamiliesCommandOutput> {
  const { familyPrefix = '', status = 'ALL' } = input;
  const fitting = Object.entries(ecsStore(world, account, region).families).filter(([family, revisions]) => {
    const active = revisions.some((revision) => revision.status === 'ACTIVE');
    return family.startsWith(familyPrefix) && (status === 'ALL' || active === (status === 'ACTIVE'));
  });
  const { items, next } = page(fitting.map(([family]) => family).sort(), input);
  return { families: items, ...next };
}

/** Tasks and services that use it keep running; nobody can start it again. */
export function deregisterTaskDefinition(
  { taskDefinition = '' }: DeregisterTaskDefinitionCommandInput,
  { world, account, region }: Call,
): Output<DeregisterTaskDefinitionCommandOutput> {
  if (!taskDefinition.includes(':')) throw new AwsError('ClientException', 'Revision is missing.');
  if (!/:\d+$/.test(taskDefinition)) {
    throw new AwsError('InvalidParameterException', `Invalid revision number. Number: ${taskDefinition}`);
  }
  const record = findTaskDefinition(ecsStore(world, account, region), taskDefinition);
  if (!record) throw new AwsError('ClientException', 'The specified task definition does not exist.');
  record.deregisteredAt ??= world.clock.now();
  record.status = 'INACTIVE';
  world.touched();
  return { taskDefinition: describe(record) };
}
