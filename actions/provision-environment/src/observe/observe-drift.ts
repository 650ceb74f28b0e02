import { drifted, sayDrift } from '@tenant-delivery/provisioning/plan/drifted';
import { stateOf } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { ResourceDrift, StackReader } from '@tenant-delivery/provisioning/ports';
import { withOtherEnvironments } from '@tenant-delivery/provisioning/stacks/other-environments';
import type { Stack } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { ObserveWorld, ResourceTrail } from '../ports.ts';
import { administratorStacks, stackNames, wantedStacks } from '../wanted-stacks.ts';
import { approvedPlan, standing } from './approved-stacks.ts';
import { detectDrift, whyIncomplete } from './detect-drift.ts';
import { observeRecovery } from './observe-recovery.ts';
import { orUnknown } from './or-unknown.ts';
import type { Difference, StackDrift } from './stack-drift.ts';

/** What a stack is compared with. Its policy is `undefined` where nobody agreed on one. */
interface Agreed extends Pick<PlannedStack, 'name' | 'region' | 'template' | 'keeps'> {
  readonly policy: PlannedStack['policy'] | undefined;
}

/**
 * Each stack of the part against the plan that was verified last: its template, its policy, and every resource. Beside the
 * foundation also those that the administrator makes: no plan names them, so the contract says what they should be.
 */
export async function observeDrift(
  world: ObserveWorld,
  admission: StacksAdmission,
  deadline: number,
): Promise<readonly StackDrift[]> {
  const plan = await approvedPlan(world, admission);
  const byHand = admission.part === 'foundation' ? await madeByTheAdministrator(world, admission) : [];
  const agreed = [...byHand.map(agreedByContract), ...(plan ? standing(plan) : [])];
  const unknown = plan ? [] : wantedStacks(world.claims, admission).map(neverApproved);
  const observed = await Promise.all(agreed.map((stack) => observeOne(world, stack, deadline)));
  return [...unknown, ...observed, ...(await observeRecovery(world, admission, deadline))];
}

/** By the contract, and by what only the live templates say of its other environments: it was published for one. */
async function madeByTheAdministrator(
  world: ObserveWorld,
  admission: StacksAdmission,
): Promise<readonly Stack[]> {
  const { region, environment } = admission.target;
  const { account, provisioning } = stackNames(admission);
  const template = async (stack: string) => {
    const found = await orUnknown(() => world.stacks(region).template(stack));
    return 'seen' in found ? found.seen : undefined; // the look at the stack itself says why
  };
  const [ofAccount, ofProvisioning] = await Promise.all([template(account), template(provisioning)]);
  const live = { account: ofAccount, provisioning: ofProvisioning };
  const contract = withOtherEnvironments(admission.contract, environment, live);
  return administratorStacks(world.claims, { ...admission, contract });
}

function agreedByContract({ name, region, template }: Stack): Agreed {
  return { name, region, template: digestOf(JSON.stringify(template)), policy: undefined };
}

function neverApproved({ name, region }: { readonly name: string; readonly region: string }): StackDrift {
  const unknown = ['no change of this part was verified yet, so there is nothing to compare with'];
  return { stack: name, region, differences: [], unknown, notSeen: [] };
}

async function observeOne(world: ObserveWorld, approved: Agreed, deadline: number): Promise<StackDrift> {
  const { name: stack, region } = approved;
  const found = await orUnknown(() => lookAt(world, approved, deadline));
  return 'seen' in found
    ? { stack, region, ...found.seen, notSeen: [] }
    : { stack, region, differences: [], unknown: [found.unseen], notSeen: [] };
}

async function lookAt(
  world: ObserveWorld,
  approved: Agreed,
  deadline: number,
): Promise<Pick<StackDrift, 'differences' | 'unknown'>> {
  const { name: stack, region } = approved;
  const stacks = world.stacks(region);
  const state = stateOf(await stacks.describe(stack));
  if (state.kind === 'new') return { differences: [gone(stack)], unknown: [] };
  const documents = await documentDifferences(stacks, approved);
  if (state.kind === 'refused') return { differences: documents, unknown: [state.why] };
  const drift = await detectDrift(world, stacks, stack, deadline);
  if (typeof drift === 'string') return { differences: documents, unknown: [drift] };
  const all = drifted(drift);
  const certain = all.filter(({ status }) => status !== 'UNKNOWN');
  const told = await Promise.all(certain.map((each) => differenceOf(world.trail(region), stack, each)));
  const incomplete = whyIncomplete(stack, drift);
  return {
    differences: [...documents, ...told],
    unknown: [
      ...(incomplete === undefined ? [] : [incomplete]),
      ...all.filter(({ status }) => status === 'UNKNOWN').map((each) => sayDrift(stack, each)),
    ],
  };
}

function gone(stack: string): Difference {
  return { what: 'the stack', id: null, sentence: `${stack} is not there`, by: null };
}

/** A stack that others updated has another template; one whose policy they lifted is about to. */
async function documentDifferences(
  stacks: StackReader,
  { name, template, keeps, policy }: Agreed,
): Promise<readonly Difference[]> {
  const [body, set] = await Promise.all([stacks.template(name), stacks.policy(name)]);
  const differs = (what: string): Difference => ({
    what,
    id: null,
    sentence:
      policy === undefined
        ? `${what} of ${name} is not the one that the contract asks for; the administrator applies it`
        : `${what} of ${name} is not the one that was approved`,
    by: null,
  });
  return [
    ...(body !== undefined && ![template, keeps].includes(digestOf(body)) ? [differs('the template')] : []),
    ...(policy === undefined || digestOf(set ?? '') === policy ? [] : [differs('the stack policy')]),
  ];
}

/** That CloudTrail cannot be asked makes a difference no less certain. */
async function differenceOf(trail: ResourceTrail, stack: string, drift: ResourceDrift): Promise<Difference> {
  const { logicalId: what, id } = drift;
  const found = id === undefined ? undefined : await orUnknown(() => trail.lastChange(id));
  const last = found && 'seen' in found ? found.seen : undefined;
  return {
    what,
    id: id ?? null,
    sentence: sayDrift(stack, drift),
    by: last ? { who: last.by, call: last.call, at: new Date(last.at).toISOString() } : null,
  };
}
