import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import type { StackEvent, StackReader, StackSeen } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { digestOf, getBytes } from '@tenant-delivery/vault/objects';
import { failures } from '../failures.ts';
import type { ApplyWorld } from '../ports.ts';
import type { Applying, StackResult } from './applying.ts';
import { compareStack } from './compare-stacks.ts';
import { type Ended, firstFailure, followStack } from './follow-stack.ts';
import { assertMaySend } from './may-send.ts';
import { sendOnce } from './send-once.ts';

/** Executes the change set of a stack at most once, or follows what an earlier attempt executed. */
export async function executeStack(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
): Promise<StackResult> {
  const stacks = world.stacks(planned.region);
  const token = changeSetName(applying.change.id);
  const live = await stacks.describe(planned.name);
  if (!live) return goneResult(planned);
  const policy = await policyOf(world, applying, planned);
  if (planned.changeSet !== null && (await stacks.events(live.id, token)).length === 0) {
    const { differences, changeSet } = await compareStack(world, applying.plan, planned);
    if (differences.length > 0 || changeSet === null)
      return refusedResult(planned, live, differences.join('; '));
    assertMaySend(world, applying);
    await applying.hold();
    await stacks.protect(planned.name, true);
    // Only updates ask a stack's policy, and a stack that is being made may not have one yet.
    if (live.status !== 'REVIEW_IN_PROGRESS') await stacks.setPolicy(planned.name, policy);
    const refused = await sendOnce(world, stacks, { id: live.id, token }, () =>
      stacks.execute(planned.name, changeSet, token, planned.action === 'create'),
    );
    if (refused !== undefined) return refusedResult(planned, live, refused);
  }
  const ended: Ended =
    planned.changeSet === null
      ? { status: live.status, events: [] }
      : await followStack(world, stacks, live, applying, token);
  if (planned.action !== 'withdraw' && isComplete(ended.status)) {
    // An update of the policy alone was sent before if it is there.
    if (planned.changeSet === null && (await stacks.policy(planned.name)) !== policy)
      assertMaySend(world, applying);
    await applying.hold();
    await stacks.protect(planned.name, true); // one that the administrator made is not protected yet
    await stacks.setPolicy(planned.name, policy);
  }
  return resultOf(stacks, planned, ended);
}

/** The policy that was approved, by its digest. A withdrawal has one that lets resources go. */
async function policyOf(
  { vault }: ApplyWorld,
  { plan, change }: Applying,
  { template, policy, name }: PlannedStack,
): Promise<string> {
  const bytes = template === null ? undefined : await getBytes(vault, template);
  const body = bytes instanceof Uint8Array ? readTemplate(Buffer.from(bytes).toString()) : undefined;
  const made = body && stackPolicy(plan.kind, body as Template); // bytes that this release wrote, by their digest
  if (made !== undefined && digestOf(made) === policy) return made;
  throw failures.planChanged(change.id, [
    `${name}: its stack policy is not made by this release as it was approved, or its template is not in the vault`,
  ]);
}

export async function resultOf(
  stacks: Pick<StackReader, 'describe'>,
  planned: PlannedStack,
  { status, events }: Ended,
): Promise<StackResult> {
  const failed = isComplete(status) ? undefined : firstFailure(events);
  const outputs = isComplete(status) ? ((await stacks.describe(planned.name))?.outputs ?? {}) : {};
  return {
    name: planned.name,
    region: planned.region,
    result: planned.changeSet === null && planned.action === 'unchanged' ? 'unchanged' : wordFor(status),
    status,
    outputs,
    failure: failed
      ? {
          logicalId: failed.logicalId,
          type: failed.type,
          reason: failed.reason ?? 'CloudFormation gives no reason',
        }
      : null,
    resources: lastOfEach(events),
  };
}

function refusedResult(planned: PlannedStack, live: StackSeen, reason: string): StackResult {
  return {
    name: planned.name,
    region: planned.region,
    result: 'refused',
    status: live.status,
    outputs: {},
    failure: { logicalId: planned.name, type: 'AWS::CloudFormation::Stack', reason },
    resources: [],
  };
}

/** An earlier attempt takes away what is left of a first creation that failed; else somebody deleted the stack. */
function goneResult({ name, region, action }: PlannedStack): StackResult {
  const isNew = action === 'create';
  const reason = isNew
    ? 'its first creation failed, and an earlier attempt of this run took away what was left'
    : 'the stack is not there any more';
  return {
    name,
    region,
    result: isNew ? 'rolled-back' : 'failed',
    status: 'DELETE_COMPLETE',
    outputs: {},
    failure: { logicalId: name, type: 'AWS::CloudFormation::Stack', reason },
    resources: [],
  };
}

export function isComplete(status: string): boolean {
  return status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'IMPORT_COMPLETE';
}

function wordFor(status: string): StackResult['result'] {
  if (status === 'timed-out' || status === 'cancelled') return status;
  if (status === 'DELETE_COMPLETE') return 'deleted';
  if (isComplete(status)) return 'complete';
  return /ROLLBACK_COMPLETE$/.test(status) ? 'rolled-back' : 'failed';
}

/** The last thing that happened to each resource of an operation. */
function lastOfEach(events: readonly StackEvent[]): StackResult['resources'] {
  const own = events.filter(({ type }) => type !== 'AWS::CloudFormation::Stack');
  const last = new Map(own.map((event) => [event.logicalId, event]));
  return [...last.values()]
    .map(({ logicalId, type, physicalId, status }) => ({ logicalId, type, id: physicalId ?? null, status }))
    .toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}
