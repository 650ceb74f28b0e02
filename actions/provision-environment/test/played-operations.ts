import type { ResourceChange } from '@tenant-delivery/provisioning/ports';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';
import { lostImport, type There } from './an-import.ts';
import { changesBetween, denies } from './changes-between.ts';
import { type Made, type StoredChangeSet, type StoredStack, tell, templateIn } from './stored-stack.ts';

const STEP = 10_000; // milliseconds that each resource takes
const VERBS: Readonly<Record<string, string>> = { Add: 'CREATE', Remove: 'DELETE', Import: 'IMPORT' };
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** What an operation of a stack needs to know, and what it leaves. */
export interface Surroundings {
  readonly clock: FakeClock;
  /** Logical ids that fail, with AWS's reason. */
  readonly failing: ReadonlyMap<string, string>;
  /** Resources that left their stack and stay in the account. */
  readonly kept: Made[];
  /** What was there before any stack. */
  readonly there: There;
  /** Balancers whose protection was lifted, by name. */
  readonly lifted: readonly string[];
  number(): number;
  forget(stack: StoredStack): void;
}

/** Plays the changes one after another. The first that fails takes all of them back, unless the rollback is disabled. */
export function playExecution(
  around: Surroundings,
  stack: StoredStack,
  set: StoredChangeSet,
  { token, disableRollback }: { readonly token: string; readonly disableRollback: boolean },
): void {
  const { clock, kept } = around;
  const isNew = stack.status === 'REVIEW_IN_PROGRESS';
  const doing = set.type === 'IMPORT' ? 'IMPORT' : isNew ? 'CREATE' : 'UPDATE';
  stack.status = `${doing}_IN_PROGRESS`;
  tell(stack, token, clock.now(), { status: stack.status });
  const { made, failed, at } = playChanges(around, stack, set, token);
  for (const other of stack.changeSets.values()) other.execution = 'OBSOLETE';
  set.execution = 'EXECUTE_IN_PROGRESS';
  const back = doing === 'CREATE' ? rollbackOf(around, made) : `${doing}_ROLLBACK_COMPLETE`;
  const bad = disableRollback ? `${doing}_FAILED` : back;
  const end = failed ? bad : `${doing}_COMPLETE`;
  tell(stack, token, at + STEP, { status: end });
  const before = stack.resources;
  const act = () => {
    stack.status = end;
    set.execution = failed ? 'EXECUTE_FAILED' : 'EXECUTE_COMPLETE';
    if (/_(COMPLETE)$/.test(end) && failed) return;
    for (const [id, resource] of failed ? [] : before)
      if (!made.has(id) && resource.DeletionPolicy !== undefined) kept.push(resource);
    stack.body = set.request.template;
    stack.parameters = set.request.parameters;
    stack.resources = made;
  };
  stack.pending = { at: at + STEP, act };
}

/** What there is of the wanted resources, up to the first that fails. */
function playChanges(
  { clock, failing, there, number }: Surroundings,
  stack: StoredStack,
  set: StoredChangeSet,
  token: string,
) {
  const isNew = stack.status === 'CREATE_IN_PROGRESS';
  const wanted = templateIn(set.request.template)?.Resources ?? {};
  const before = stack.resources;
  const made = new Map<string, Made>();
  for (const [id, resource] of Object.entries(wanted)) {
    const known = before.get(id)?.id;
    if (known !== undefined) made.set(id, { ...resource, id: known });
  }
  let at = clock.now();
  for (const change of changesBetween(stack, set)) {
    at += STEP;
    const { logicalId, type, action } = change;
    const verb = VERBS[action] ?? 'UPDATE';
    const denied = !isNew && denies(stack.policy, change) ? 'Action denied by stack policy' : undefined;
    const why = denied ?? lostImport(there, set.request, logicalId) ?? failing.get(logicalId);
    const resource = wanted[logicalId];
    const id = before.get(logicalId)?.id ?? change.id ?? `${logicalId.toLowerCase()}-${number()}`;
    const told = { logicalId, type, physicalId: id };
    if (why !== undefined) {
      tell(stack, token, at, { ...told, status: `${verb}_FAILED`, reason: why });
      return { made, failed: true, at };
    }
    if (resource) made.set(logicalId, { ...resource, id });
    tell(stack, token, at, { ...told, status: isSkipped(change) ? 'DELETE_SKIPPED' : `${verb}_COMPLETE` });
  }
  return { made, failed: false, at };
}

const isSkipped = ({ action, policyAction }: ResourceChange) =>
  action === 'Remove' && policyAction === 'Retain';

/** A rollback of a creation stops at a balancer that is protected. */
function rollbackOf({ lifted }: Surroundings, made: ReadonlyMap<string, Made>): string {
  const balancer = [...made.values()].find(({ Type }) => Type === BALANCER);
  const free = !balancer || lifted.includes(String(balancer.Properties?.['Name']));
  return free ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED';
}

/** Takes back what a creation made, kept or not. */
export function playRollback(around: Surroundings, stack: StoredStack, token: string): void {
  const at = around.clock.now();
  const end = rollbackOf(around, stack.resources);
  stack.status = 'ROLLBACK_IN_PROGRESS';
  tell(stack, token, at, { status: stack.status });
  tell(stack, token, at + STEP, { status: end });
  stack.pending = {
    at: at + STEP,
    act: () => {
      stack.status = end;
      if (end === 'ROLLBACK_COMPLETE') stack.resources = new Map();
    },
  };
}

/** A deletion leaves what its template keeps. */
export function playDeletion({ clock, kept, forget }: Surroundings, stack: StoredStack, token: string): void {
  const at = clock.now();
  stack.status = 'DELETE_IN_PROGRESS';
  tell(stack, token, at, { status: 'DELETE_IN_PROGRESS' });
  tell(stack, token, at + STEP, { status: 'DELETE_COMPLETE' });
  stack.pending = {
    at: at + STEP,
    act: () => {
      stack.status = 'DELETE_COMPLETE';
      kept.push(...[...stack.resources.values()].filter(({ DeletionPolicy }) => DeletionPolicy));
      stack.resources.clear();
      forget(stack);
    },
  };
}
