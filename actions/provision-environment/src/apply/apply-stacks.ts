import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { ApplyWorld } from '../ports.ts';
import { type Applying, type StackResult, wentWell } from './applying.ts';
import { type BackedUp, backUp } from './back-up.ts';
import { BALANCER } from './balancer-of.ts';
import { closePolicy } from './close-policy.ts';
import { executeStack } from './execute-stack.ts';
import { assertMaySend, wasSent } from './may-send.ts';
import { withService } from './service-lock.ts';
import { undoCreation } from './undo-creation.ts';
import { withdrawStack } from './withdraw-stack.ts';

export interface Applied extends Pick<BackedUp, 'backups'> {
  readonly results: readonly StackResult[];
}

/** What is to be backed up first, then stack by stack, in the order of the plan, up to the first that does not end well. */
export async function applyStacks(world: ApplyWorld, applying: Applying): Promise<Applied> {
  const { stacks, backups: planned = [] } = applying.plan;
  try {
    const { backups, goesOn } =
      planned.length === 0
        ? { backups: [], goesOn: true }
        : await world.runner.group('Back up what stays', () => backUp(world, applying));
    return { backups, results: goesOn ? await applyInOrder(world, applying) : [] };
  } finally {
    const opened = stacks.filter(({ action }) => action === 'withdraw');
    for (const stack of opened) await closePolicy(world, applying, stack);
  }
}

async function applyInOrder(world: ApplyWorld, applying: Applying): Promise<readonly StackResult[]> {
  const results: StackResult[] = [];
  if (applying.plan.lifts.length > 0) await liftAll(world, applying);
  for (const planned of applying.plan.stacks) {
    const result = await world.runner.group(titleOf(planned), () => applyStack(world, applying, planned));
    results.push(result);
    if (!wentWell(result)) break;
  }
  return results;
}

/** A load balancer that is protected would end the deletion of its stack half way. Before one is sent, it is lifted. */
async function liftAll(world: ApplyWorld, applying: Applying): Promise<void> {
  const { lifts, stacks } = applying.plan;
  const takers = stacks.filter(({ changes }) =>
    changes.some(({ type, action }) => type === BALANCER && action === 'remove'),
  );
  const sent = await Promise.all(takers.map((stack) => wasSent(world, applying, stack)));
  if (sent.every(Boolean)) return;
  assertMaySend(world, applying);
  for (const name of lifts) await lift(world, applying, name);
}

async function lift({ balancers, runner }: ApplyWorld, { hold }: Applying, name: string): Promise<void> {
  await hold();
  const lifted = await balancers.lift(name);
  runner.info(lifted === 'done' ? `${name} may be deleted now` : `${name} is not there any more`);
}

async function applyStack(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
): Promise<StackResult> {
  switch (planned.action) {
    case 'unchanged':
      return {
        name: planned.name,
        region: planned.region,
        result: 'unchanged',
        status: 'unchanged',
        outputs: (await world.stacks(planned.region).describe(planned.name))?.outputs ?? {},
        failure: null,
        resources: [],
      };
    case 'withdraw':
    case 'delete':
      return withdrawStack(world, applying, planned);
    case 'create':
    case 'import':
    case 'update': {
      const result = await withService(world, applying, planned, (held) =>
        executeStack(world, held, planned),
      );
      return result.status === 'CREATE_FAILED' ? undoCreation(world, applying, planned, result) : result;
    }
  }
}

function titleOf({ name, action, changes }: PlannedStack): string {
  const verb = {
    create: 'Make',
    import: 'Take what is there into',
    update: 'Change',
    unchanged: 'Leave as it is',
    withdraw: 'Withdraw',
    delete: 'Delete',
  }[action];
  return `${verb} ${name}${changes.length > 0 ? ` (${changes.length} resources)` : ''}`;
}
