import { refusedOfAdopted } from '@tenant-delivery/provisioning/adopt/judge-adoption';
import { refusedChanges, refusedImport } from '@tenant-delivery/provisioning/plan/judge-changes';
import { changeSetName, oversized, stateOf } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import { plannedChanges } from '@tenant-delivery/provisioning/plan/planned-changes';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import { isStub, STUB } from '@tenant-delivery/provisioning/plan/stub';
import type { ChangeSet, ImportRequest, StackPlanner } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { PlanWorld } from '../ports.ts';
import { asked } from './asked-stack.ts';
import type { ObservedPart, ObservedStack } from './observe-stacks.ts';

/** A stack of a plan, with its template as CloudFormation got it. */
export interface Draft {
  readonly stack: PlannedStack;
  /** `undefined` where CloudFormation got none. */
  readonly body: string | undefined;
  readonly template: Pick<Template, 'Resources'>;
  readonly refused: readonly string[];
}

/** What all stacks of one plan have in common. */
export interface Drafting {
  readonly change: string;
  readonly kind: 'provision' | 'withdrawal';
  /** The role with which CloudFormation changes resources. */
  readonly role: string;
  readonly network: ObservedPart['network'];
}

const POLL = 2_000; // milliseconds between two looks at a change set that is being made
const PATIENCE = 150; // looks

/** Makes the change set of a stack and reads it. One that would change nothing is dropped again. */
export async function draftStack(
  world: PlanWorld,
  drafting: Drafting,
  observed: ObservedStack,
): Promise<Draft | undefined> {
  return drafting.kind === 'provision'
    ? draftProvision(world, drafting, observed)
    : draftWithdrawal(world, drafting, observed);
}

async function draftProvision(
  world: PlanWorld,
  drafting: Drafting,
  { wanted, live, policy: set, running, ...observed }: ObservedStack,
): Promise<Draft> {
  const isNew = stateOf(live).kind === 'new';
  const { type, template, imports, afterImport } = asked(isNew, { wanted, ...observed });
  const body = JSON.stringify(template);
  const policy = stackPolicy('provision', template);
  const parameters = Object.fromEntries(
    Object.entries(wanted.takes).map(([name, output]) => [name, drafting.network?.[output] ?? '']),
  );
  const stack = {
    name: wanted.name,
    region: wanted.region,
    template: digestOf(body),
    parameters,
    policy: digestOf(policy),
  };
  const unchanged = { ...stack, action: 'unchanged' as const, changeSet: null, changes: [] };
  const tooLarge = oversized(wanted.name, body);
  if (tooLarge.length > 0) return { stack: unchanged, body, template, refused: tooLarge };
  const made = await makeChangeSet(world, drafting, { ...wanted, type, body, parameters, imports });
  if (made.kind === 'refused') return { stack: unchanged, body, template, refused: [made.why] };
  if (made.kind === 'nothing') {
    const action = set === policy ? 'unchanged' : 'update';
    const keeps = observed.body === undefined ? {} : { keeps: digestOf(observed.body) };
    sayWhatStays(world, wanted.name, template, observed.template);
    return { stack: { ...unchanged, ...keeps, action }, body, template, refused: [] };
  }
  const changes = plannedChanges(made.set, template);
  const planned = { ...stack, changeSet: made.name, changes: [...changes] };
  return type === 'UPDATE'
    ? {
        stack: { ...planned, action: 'update' },
        body,
        template,
        refused: [...refusedChanges(wanted.name, changes, running), ...refusedOfAdopted(wanted, changes)],
      }
    : {
        stack: { ...planned, action: ACTION_OF[type], ...(afterImport && { afterImport }) },
        body,
        template,
        refused: type === 'IMPORT' ? refusedImport(wanted.name, changes) : refusedOfAdopted(wanted, changes),
      };
}

/** CloudFormation changes what stays when a stack goes only together with something else. */
function sayWhatStays(
  { runner }: PlanWorld,
  name: string,
  { Resources }: Template,
  live: ObservedStack['template'],
): void {
  const has = typeof live === 'object' ? live.Resources : {};
  const differs = Object.keys(Resources).filter(
    (id) => has[id] !== undefined && has[id]?.DeletionPolicy !== Resources[id]?.DeletionPolicy,
  );
  if (differs.length > 0)
    runner.warning(
      `${name}: the DeletionPolicy of ${differs.join(', ')} is not the one of this release. CloudFormation changes it with the next change of the stack.`,
    );
}

const ACTION_OF = { CREATE: 'create', IMPORT: 'import' } as const;

/** `undefined` where there is no stack to withdraw. */
async function draftWithdrawal(
  world: PlanWorld,
  drafting: Drafting,
  { wanted, live, template }: ObservedStack,
): Promise<Draft | undefined> {
  if (!live) return undefined;
  const stack = {
    name: wanted.name,
    region: wanted.region,
    parameters: {},
    policy: digestOf(stackPolicy('withdrawal', STUB)),
  };
  const empty = live.status === 'REVIEW_IN_PROGRESS' || (typeof template === 'object' && isStub(template));
  const before = typeof template === 'object' ? template : STUB;
  const nothing = { ...stack, action: 'delete' as const, changeSet: null, template: null, changes: [] };
  if (empty) return { stack: nothing, body: undefined, template: STUB, refused: [] };
  const body = JSON.stringify(STUB);
  const made = await makeChangeSet(world, drafting, { ...wanted, type: 'UPDATE', body, parameters: {} });
  if (made.kind !== 'made') {
    const why =
      made.kind === 'refused' ? made.why : `${wanted.name} could not be planned: nothing would change`;
    return { stack: nothing, body: undefined, template: before, refused: [why] };
  }
  const changes = plannedChanges(made.set, STUB);
  return {
    stack: {
      ...stack,
      action: 'withdraw',
      changeSet: made.name,
      template: digestOf(body),
      changes: [...changes],
    },
    body,
    template: before,
    refused: [],
  };
}

type Made =
  | { readonly kind: 'made'; readonly name: string; readonly set: ChangeSet }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: string };

async function makeChangeSet(
  world: PlanWorld,
  { change, role }: Drafting,
  {
    name: stack,
    region,
    ...request
  }: {
    readonly name: string;
    readonly region: string;
    readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
    readonly body: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly imports?: readonly ImportRequest[] | undefined;
  },
): Promise<Made> {
  const stacks = world.stacks(region);
  const name = changeSetName(change);
  const { type, body, parameters, imports } = request;
  const description = `planned by ${change}`;
  await stacks.createChangeSet({
    stack,
    changeSet: name,
    type,
    template: body,
    parameters,
    role,
    description,
    ...(imports && { imports }),
  });
  const set = await settledSet(world, stacks, stack, name);
  if (!set)
    return {
      kind: 'refused',
      why: `the change set ${name} of ${stack} is still being made: plan again later`,
    };
  if (set.status === 'FAILED') {
    await stacks.deleteChangeSet(stack, name);
    const reason = set.reason ?? 'CloudFormation does not say why';
    return NO_CHANGES.test(reason)
      ? { kind: 'nothing' }
      : { kind: 'refused', why: `CloudFormation makes no change set of ${stack}: ${reason}` };
  }
  const sent = await stacks.template(stack, name);
  return sent !== undefined && digestOf(sent) === digestOf(body)
    ? { kind: 'made', name, set }
    : {
        kind: 'refused',
        why: `the change set ${name} of ${stack} has another template than the one that was sent`,
      };
}

/** "CreateChangeSet", CloudFormation's two ways to say that a template changes nothing. */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/i;

async function settledSet(
  { clock, runner }: PlanWorld,
  stacks: StackPlanner,
  stack: string,
  name: string,
): Promise<ChangeSet | undefined> {
  for (let look = 0; look < PATIENCE && !runner.cancelled.aborted; look += 1) {
    const set = await stacks.changeSet(stack, name);
    if (set && !/_(IN_PROGRESS|PENDING)$/.test(set.status)) return set;
    await clock.sleep(POLL, runner.cancelled);
  }
  return undefined;
}
