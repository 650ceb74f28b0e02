import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { type ChangeHandle, openChange } from '@tenant-delivery/delivery/change';
import { MINUTE } from '@tenant-delivery/domain';
import { takenPriorities } from '@tenant-delivery/provisioning/plan/judge-changes';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import { plannedBackups } from '@tenant-delivery/provisioning/plan/planned-backups';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { planGithub } from '../github/plan-github.ts';
import type { ProvisionInputs } from '../inputs.ts';
import type { PlanWorld } from '../ports.ts';
import { lookAtRecovery } from '../recovery/look-at-recovery.ts';
import { stackNames } from '../wanted-stacks.ts';
import { type Draft, draftStack } from './draft-stack.ts';
import { dropChangeSets } from './drop-change-sets.ts';
import { judgeBackups } from './judge-backups.ts';
import { judgePart } from './judge-part.ts';
import { makePlan } from './make-plan.ts';
import { type ObservedPart, observeStacks } from './observe-stacks.ts';
import { recordPlan, recordRefusal } from './record-plan.ts';
import { recoveredElsewhere } from './recovered-elsewhere.ts';

const PATIENCE = 15 * MINUTE; // for the comparison of a stack with what is there

/** A plan with all that is recorded and told beside it. */
export interface PlannedPart {
  readonly plan: StackPlan;
  readonly drafts: readonly Draft[];
  readonly observed: ObservedPart;
}

/** Opens a change, makes a change set for each stack of the part, and records what they would do. */
export async function planPart(world: PlanWorld, given: ProvisionInputs): Promise<Outcome> {
  const { runner } = world;
  const { kind, reason, 'external-ref': externalRef } = given;
  const { admission, change } = await runner.group('Find the contract and open the change', async () => {
    const { tenant, environment, account, region, part } = given;
    const admission = await admitStacks(world, { tenant, environment, account, region, part });
    const change = await openChange(world, admission, {
      kind,
      evidence: {},
      ...(reason && { reason }),
      ...(externalRef && { externalRef }),
    });
    runner.output('change', change.id);
    runner.output('needs-approval', 'false');
    return { admission, change };
  });
  const observed = await runner.group('Look at the stacks', () => observeStacks(world, admission));
  const refused = [
    ...judgePart(admission, kind, observed),
    ...(kind === 'withdrawal' ? await recoveredElsewhere(world, admission) : []),
  ];
  if (refused.length > 0) return recordRefusal(admission, change, refused);
  const drafts = await runner.group('Make a change set for each stack', () =>
    draftAll(world, admission, change, observed),
  );
  const backups = kind === 'withdrawal' ? backupsOf(admission, drafts) : undefined;
  const unsafe = [
    ...drafts.flatMap((draft) => draft.refused),
    ...takenPriorities(drafts.map(({ stack }) => stack)),
    ...(await judgeBackups(world, admission, backups ?? [])),
  ];
  if (unsafe.length > 0) {
    await dropChangeSets(
      world,
      drafts.map(({ stack }) => stack),
      change.id,
    );
    return recordRefusal(admission, change, unsafe);
  }
  const beside = await lookBeside(world, admission, kind);
  const plan = makePlan(admission, kind, drafts, { ...beside, ...(backups && { backups }) });
  return runner.group('Record the plan', () =>
    recordPlan(world, admission, change, { plan, drafts, observed }),
  );
}

/** What belongs to a foundation beside its stacks: repositories at GitHub, and what recovers the environment. */
async function lookBeside(
  world: PlanWorld,
  admission: StacksAdmission,
  kind: StackPlan['kind'],
): Promise<Pick<StackPlan, 'github' | 'recovery'>> {
  const { runner, clock } = world;
  if (admission.part !== 'foundation' || kind !== 'provision') return {};
  const github = await runner.group('Look at the repositories at GitHub', () => planGithub(world, admission));
  if (admission.environment.recovery === undefined) return { github: [...github] };
  const recovery = await runner.group('Look at what recovers the environment', () =>
    lookAtRecovery(world, admission, clock.now() + PATIENCE),
  );
  return { github: [...github], recovery: [...recovery] };
}

function backupsOf({ contract, target }: StacksAdmission, drafts: readonly Draft[]) {
  const stacks = drafts.map(({ stack }) => stack);
  return [...plannedBackups(contract, target.environment, stacks)];
}

/** All at once, each stack by itself. A withdrawal goes backwards. */
async function draftAll(
  world: PlanWorld,
  admission: StacksAdmission,
  change: ChangeHandle,
  { stacks, network }: ObservedPart,
): Promise<readonly Draft[]> {
  const kind = change.kind === 'withdrawal' ? 'withdrawal' : 'provision';
  const { role } = stackNames(admission);
  const drafting = { change: change.id, kind, role, network } as const;
  const order = kind === 'withdrawal' ? stacks.toReversed() : stacks;
  const drafts = await Promise.all(order.map((stack) => draftStack(world, drafting, stack)));
  return drafts.filter((draft) => draft !== undefined);
}
