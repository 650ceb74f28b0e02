import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Found } from '@tenant-delivery/provisioning/adopt/adopted';
import type { Running } from '@tenant-delivery/provisioning/plan/judge-changes';
import { type ReadTemplate, readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import type {
  ChangeSetListed,
  StackReader,
  StackResource,
  StackSeen,
} from '@tenant-delivery/provisioning/ports';
import type { Stack } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { PlanWorld } from '../ports.ts';
import { stackNames, wantedStacks } from '../wanted-stacks.ts';
import { findExisting } from './find-existing.ts';

/** A stack of the part: what the contract asks for, and what is there. */
export interface ObservedStack {
  readonly wanted: Stack;
  readonly live: StackSeen | undefined;
  /** What CloudFormation has of it; `unreadable` when it is not of a form that we send. */
  readonly template: ReadTemplate | 'unreadable' | undefined;
  /** The bytes of that. */
  readonly body: string | undefined;
  readonly policy: string | undefined;
  readonly changeSets: readonly ChangeSetListed[];
  /** What its service runs; `undefined` where it has none. */
  readonly running: Running | undefined;
  /** What is there of the resources that it adopts, by their names in the template. */
  readonly found: Readonly<Record<string, Found>>;
}

export interface ObservedPart {
  readonly stacks: readonly ObservedStack[];
  /** Names of all stacks of the environment in its region. */
  readonly present: readonly string[];
  /** Outputs of the network stack; `undefined` when it is not there. */
  readonly network: Readonly<Record<string, string>> | undefined;
  /** Ids of the region's zones; none where the part makes nothing in a zone of its own. */
  readonly zones: readonly string[];
}

/** Everything that a plan is made from, asked at once. Changes nothing. */
export async function observeStacks(world: PlanWorld, admission: StacksAdmission): Promise<ObservedPart> {
  const { prefix, network } = stackNames(admission);
  const here = world.stacks(admission.target.region);
  const asked = wantedStacks(world.claims, admission).map((wanted) => observeStack(world, admission, wanted));
  const [present, ofNetwork, zones, stacks] = await inOrder([
    here.names(prefix),
    here.describe(network),
    admission.part === 'network' ? world.zones() : [],
    Promise.all(asked),
  ]);
  return { stacks, present, network: ofNetwork?.outputs, zones };
}

async function observeStack(
  world: PlanWorld,
  admission: StacksAdmission,
  wanted: Stack,
): Promise<ObservedStack> {
  const stacks = world.stacks(wanted.region);
  const live = await stacks.describe(wanted.name);
  const existing = world.existing(wanted.region);
  if (!live) {
    const nothing = {
      template: undefined,
      body: undefined,
      policy: undefined,
      changeSets: [],
      running: undefined,
    };
    return { wanted, live, ...nothing, found: await findExisting(existing, wanted, []) };
  }
  const made = live.status !== 'REVIEW_IN_PROGRESS';
  const [changeSets, { template, body }, policy, running] = await inOrder([
    stacks.changeSets(wanted.name),
    made ? templateOf(stacks, wanted) : NO_TEMPLATE,
    made ? stacks.policy(wanted.name) : undefined,
    made && wanted.part === 'services' ? runningIn(world, admission, wanted) : undefined,
  ]);
  const has = typeof template === 'object' ? Object.keys(template.Resources) : [];
  const found = await findExisting(existing, wanted, has);
  return { wanted, live, template, body, policy, changeSets, running, found };
}

type SeenTemplate = Pick<ObservedStack, 'template' | 'body'>;

const NO_TEMPLATE: SeenTemplate = { template: undefined, body: undefined };

/**
 * What a stack is by its template. Of one that adopts, only with the resources that it really has: what the template of an
 * import that was taken back says is in no stack, and must not be taken for made.
 */
async function templateOf(stacks: StackReader, { name, adopts }: Stack): Promise<SeenTemplate> {
  const has = adopts && (await stacks.resources(name)).filter(isHeld).map(({ logicalId }) => logicalId);
  if (has?.length === 0) return NO_TEMPLATE;
  const body = await stacks.template(name);
  const template = body === undefined ? undefined : (readTemplate(body) ?? ('unreadable' as const));
  if (!has || typeof template !== 'object') return { template, body };
  const held = Object.entries(template.Resources).filter(([id]) => has.includes(id));
  return { template: { ...template, Resources: Object.fromEntries(held) }, body };
}

/** Whether a resource that CloudFormation lists for a stack is in it. */
const isHeld = ({ id, status }: StackResource) =>
  id !== undefined && !/^(DELETE_|IMPORT_(FAILED|IN_PROGRESS|ROLLBACK))/.test(status);

/** What the service of a stack runs. It may be gone although its stack is there: then nothing runs. */
async function runningIn(
  { services }: PlanWorld,
  { environment, target }: StacksAdmission,
  { name }: Stack,
): Promise<Running | undefined> {
  const called = name.slice(`td-${target.tenant}-${target.environment}-`.length);
  const family = environment.services[called]?.family;
  const [service, newest] = await inOrder([
    services.service(environment.cluster, called),
    family === undefined ? undefined : services.taskDefinition(family),
  ]);
  if (service?.status !== 'ACTIVE') return undefined;
  return { desired: service.desired, revision: service.taskDefinition, newest: newest?.arn };
}
