import { randomUUID } from 'node:crypto';
import type {
  DescribeStackDriftDetectionStatusCommandInput,
  DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommandInput,
  DescribeStackResourceDriftsCommandOutput,
  DetectStackDriftCommandInput,
  DetectStackDriftCommandOutput,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { actingFor } from '../engine/acting.ts';
import { typeOf } from '../engine/work.ts';
import { findStack } from '../find-stack.ts';
import { makingOf } from '../making.ts';
import { page } from '../page.ts';
import type { Making, Properties } from '../resource-type.ts';
import { type Stack, type StackResource, stackStore } from '../state.ts';
import { invalid, notHere } from '../template/refusals.ts';
import { differences } from './compare-live.ts';

const TAKES = 2_000; // virtual milliseconds
const ITEMS = 100; // of one page
const DETECTABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

/** Begins to compare a stack's resources with what its template said of them. */
export function detectStackDrift(
  { StackName = '', LogicalResourceIds }: DetectStackDriftCommandInput,
  call: Call,
): Output<DetectStackDriftCommandOutput> {
  const stack = findStack(call, StackName);
  if (LogicalResourceIds?.length) throw notHere('drift of single resources');
  if (!DETECTABLE.includes(stack.status))
    throw invalid(
      `Drift detection cannot be performed on stack [${stack.id}] while it is in ${stack.status} state.`,
    );
  const { world, account, region } = call;
  const { detections } = stackStore(world, account, region);
  const id = randomUUID();
  const at = Math.round(world.clock.now());
  detections[id] = { id, stackId: stack.id, at, done: false, drifted: 0, status: 'UNKNOWN' };
  actingFor(call, stack.roleArn, stack.id);
  world.touched();
  world.clock.after(TAKES, () => {
    const drifted = detect(call, stack);
    const status = drifted === 0 ? 'IN_SYNC' : 'DRIFTED';
    detections[id] = {
      id,
      stackId: stack.id,
      at: Math.round(world.clock.now()),
      done: true,
      drifted,
      status,
    };
    stack.drift = { status, at: Math.round(world.clock.now()) };
    world.touched();
  });
  return { StackDriftDetectionId: id };
}

/** How many resources differ. */
function detect(call: Call, stack: Stack): number {
  const there = Object.values(stack.resources).filter(({ physicalId }) => physicalId !== undefined);
  for (const resource of there) {
    const { physicalId = '', properties, type } = resource;
    const live = typeOf(type).read(call.world, physicalId, making(call, stack, resource));
    const status = !live ? 'DELETED' : differences(properties, live).length > 0 ? 'MODIFIED' : 'IN_SYNC';
    resource.drift = {
      status,
      at: Math.round(call.world.clock.now()),
      ...(live && { actual: saidOf(properties, live) }),
    };
  }
  return there.filter(({ drift }) => drift?.status !== 'IN_SYNC').length;
}

/** Of the live properties those that the template speaks of. */
function saidOf(properties: Properties, live: Properties): Properties {
  return Object.fromEntries(
    Object.keys(properties).flatMap((name) => (live[name] === undefined ? [] : [[name, live[name]]])),
  );
}

function making(
  { world, account, region }: Call,
  stack: Stack,
  { logicalId, properties, token }: StackResource,
): Making {
  const principal = { account, arn: '' }; // nothing is done, so nobody acts
  return makingOf({ world, account, region, principal }, { stack, logicalId, properties, token });
}

export function describeStackDriftDetectionStatus(
  { StackDriftDetectionId = '' }: DescribeStackDriftDetectionStatusCommandInput,
  { world, account, region }: Call,
): Output<DescribeStackDriftDetectionStatusCommandOutput> {
  const found = stackStore(world, account, region).detections[StackDriftDetectionId];
  if (!found) throw invalid(`Drift detection status for [${StackDriftDetectionId}] does not exist.`);
  return {
    StackId: found.stackId,
    StackDriftDetectionId: found.id,
    DetectionStatus: found.done ? 'DETECTION_COMPLETE' : 'DETECTION_IN_PROGRESS',
    ...(found.done && { StackDriftStatus: found.status, DriftedStackResourceCount: found.drifted }),
    Timestamp: new Date(found.at),
  };
}

export function describeStackResourceDrifts(
  {
    StackName = '',
    StackResourceDriftStatusFilters,
    NextToken,
    MaxResults = ITEMS,
  }: DescribeStackResourceDriftsCommandInput,
  call: Call,
): Output<DescribeStackResourceDriftsCommandOutput> {
  const stack = findStack(call, StackName);
  const checked = Object.values(stack.resources).flatMap((one) =>
    one.drift ? [{ ...one, drift: one.drift }] : [],
  );
  const wanted = checked.filter(
    ({ drift }) =>
      !StackResourceDriftStatusFilters?.length || StackResourceDriftStatusFilters.includes(drift.status),
  );
  const { items, next } = page(wanted, NextToken, MaxResults);
  return {
    StackResourceDrifts: items.map(({ logicalId, physicalId, type, properties, drift }) => ({
      StackId: stack.id,
      LogicalResourceId: logicalId,
      ...(physicalId !== undefined && { PhysicalResourceId: physicalId }),
      ResourceType: type,
      ExpectedProperties: JSON.stringify(properties),
      ...(drift.actual && { ActualProperties: JSON.stringify(drift.actual) }),
      PropertyDifferences: drift.actual ? [...differences(properties, drift.actual)] : [],
      StackResourceDriftStatus: drift.status,
      Timestamp: new Date(drift.at),
    })),
    ...next,
  };
}
