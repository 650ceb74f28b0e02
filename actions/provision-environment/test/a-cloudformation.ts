import { Failure } from '@tenant-delivery/action-kit/failure';
import type {
  ChangeSet,
  ChangeSetRequest,
  Drift,
  ResourceDrift,
  StackExecutor,
  StackPlanner,
} from '@tenant-delivery/provisioning/ports';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';
import { existingIn, type There, wrongImport } from './an-import.ts';
import { changesBetween } from './changes-between.ts';
import { faultyCalls } from './faulty-calls.ts';
import { playDeletion, playExecution, playRollback, type Surroundings } from './played-operations.ts';
import {
  emptyStack,
  type Made,
  type StoredChangeSet,
  type StoredStack,
  seen,
  settle,
} from './stored-stack.ts';

const MAKING = 3_000; // milliseconds that a change set takes

/**
 * CloudFormation as this action needs it, in memory and in virtual time. It refuses what AWS refuses: a second execution, a
 * change set for a stack in the wrong state, what a stack policy denies, the deletion of what is protected.
 */
export function aCloudFormation(clock: FakeClock) {
  const { calls, faults, machine, called } = faultyCalls();
  const stacks = new Map<string, StoredStack>();
  const deleted = new Map<string, StoredStack>();
  const failing = new Map<string, string>();
  const drifts = new Map<string, ResourceDrift[]>();
  /** By stack, why its comparison fails for a resource. */
  const incomparable = new Map<string, string>();
  const comparison = (name: string): Pick<Drift, 'status' | 'reason'> => ({
    status: incomparable.has(name) ? 'failed' : 'complete',
    reason: incomparable.get(name),
  });
  const kept: Made[] = [];
  const there: There = new Map();
  const lifted: string[] = [];
  let ids = 0;
  const around: Surroundings = {
    ...{ clock, failing, kept, lifted, there },
    number: () => {
      ids += 1;
      return ids;
    },
    forget: (stack) => {
      stacks.delete(stack.name);
      deleted.set(stack.id, stack);
    },
  };

  const find = (name: string): StoredStack | undefined => {
    const stack = stacks.get(name) ?? deleted.get(name) ?? [...stacks.values()].find(({ id }) => id === name);
    settle(stack, clock.now());
    return stack;
  };
  const setOf = (stack: StoredStack | undefined, named: string): StoredChangeSet | undefined =>
    named.startsWith('arn:')
      ? [...(stack?.changeSets.values() ?? [])].find(({ id }) => id === named)
      : stack?.changeSets.get(named);
  const statusOf = (stack: StoredStack, set: StoredChangeSet): Pick<ChangeSet, 'status' | 'reason'> => {
    if (clock.now() < set.at + MAKING) return { status: 'CREATE_IN_PROGRESS', reason: undefined };
    return changesBetween(stack, set).length === 0 && set.execution === 'AVAILABLE'
      ? { status: 'FAILED', reason: "The submitted information didn't contain changes." }
      : { status: 'CREATE_COMPLETE', reason: undefined };
  };
  const listed = ([name, set]: readonly [string, StoredChangeSet], stack: StoredStack) => ({
    name,
    status: statusOf(stack, set).status,
  });
  const changeSetOf = (name: string, changeSet: string): ChangeSet | undefined => {
    const stack = find(name);
    const set = setOf(stack, changeSet);
    if (!stack || !set) return undefined;
    const { status, reason } = statusOf(stack, set);
    const complete = status === 'CREATE_COMPLETE';
    return {
      ...{ id: set.id, status, reason },
      execution: complete ? set.execution : 'UNAVAILABLE',
      parameters: set.request.parameters,
      changes: complete ? changesBetween(stack, set).toReversed() : [], // two descriptions come in different orders
    };
  };
  const createChangeSet = (request: ChangeSetRequest): 'created' | 'exists' => {
    const known = find(request.stack);
    if (known?.changeSets.has(request.changeSet)) return 'exists';
    const reviewed = known === undefined || known.status === 'REVIEW_IN_PROGRESS';
    if (request.type !== 'IMPORT' && (request.type === 'CREATE') !== reviewed)
      throw refused(`${request.stack} takes no change set of the type ${request.type}`);
    if (!reviewed && !/^((CREATE|UPDATE|IMPORT)|(UPDATE|IMPORT)_ROLLBACK)_COMPLETE$/.test(known.status))
      throw refused(`${request.stack} is in ${known.status} state and can not be updated.`);
    const stack = known ?? emptyStack(request.stack, around.number());
    const wrong = wrongImport(stack, request);
    if (wrong !== undefined) throw refused(wrong);
    stacks.set(request.stack, stack);
    const id = `arn:aws:cloudformation:eu-west-1:000011112222:changeSet/${request.changeSet}/${around.number()}`;
    const made = { id, request, type: request.type, at: clock.now(), execution: 'AVAILABLE' };
    stack.changeSets.set(request.changeSet, made);
    return 'created';
  };

  const ports: StackPlanner & StackExecutor = {
    describe: (name) =>
      called('describe', name, () => {
        const stack = stacks.has(name) || name.startsWith('arn:') ? find(name) : undefined;
        const gone = stack?.status === 'DELETE_COMPLETE' && !name.startsWith('arn:');
        return stack && !gone ? seen(stack) : undefined;
      }),
    names: (prefix) =>
      called('names', prefix, () =>
        [...stacks.values()]
          .filter(({ name, status }) => name.startsWith(prefix) && status !== 'REVIEW_IN_PROGRESS')
          .map(({ name }) => name)
          .toSorted(),
      ),
    changeSets: (name) =>
      called('changeSets', name, () => {
        const stack = find(name);
        return stack ? [...stack.changeSets].map((each) => listed(each, stack)) : [];
      }),
    changeSet: (name, changeSet) => called('changeSet', name, () => changeSetOf(name, changeSet)),
    template: (name, changeSet) =>
      called('template', name, () => {
        const stack = find(name);
        return changeSet === undefined ? stack?.body : setOf(stack, changeSet)?.request.template;
      }),
    policy: (name) => called('policy', name, () => find(name)?.policy),
    resources: (name) =>
      called('resources', name, () =>
        [...(find(name)?.resources ?? [])].map(([logicalId, { id, Type: type }]) => ({
          ...{ logicalId, id, type },
          status: 'CREATE_COMPLETE',
        })),
      ),
    events: (name, token) =>
      called('events', name, () =>
        (find(name)?.events ?? []).filter((each) => each.token === token && each.at <= clock.now()),
      ),
    detectDrift: (name) => called('detectDrift', name, () => `${name} at ${clock.now()}`),
    drift: (name, detection) =>
      called('drift', name, (): Drift | undefined =>
        clock.now() < Number(detection.split(' at ')[1]) + MAKING
          ? undefined
          : { ...comparison(name), resources: drifts.get(name) ?? [] },
      ),
    createChangeSet: (request) => called('createChangeSet', request.stack, () => createChangeSet(request)),
    deleteChangeSet: (name, changeSet) =>
      called('deleteChangeSet', name, () => {
        find(name)?.changeSets.delete(changeSet);
      }),
    execute: (name, changeSet, token, disableRollback) =>
      called('execute', name, () => {
        const stack = find(name);
        const set = setOf(stack, changeSet);
        if (!stack || !set) return { refused: `ChangeSet [${changeSet}] does not exist` };
        if (set.execution !== 'AVAILABLE')
          return { refused: `InvalidChangeSetStatus: ${changeSet} is ${set.execution}` };
        playExecution(around, stack, set, { token, disableRollback });
        return 'done';
      }),
    rollBack: (name, token) =>
      called('rollBack', name, () => {
        const stack = find(name);
        if (stack?.status !== 'CREATE_FAILED') return { refused: `${name} is ${stack?.status}` };
        if (stack.protected) return { refused: `${name} is protected` };
        playRollback(around, stack, token);
        return 'done';
      }),
    setPolicy: (name, policy) =>
      called('setPolicy', name, () => {
        Object.assign(find(name) ?? {}, { policy });
      }),
    protect: (name, on) =>
      called('protect', name, () => {
        Object.assign(find(name) ?? {}, { protected: on });
      }),
    deleteStack: (name, token) =>
      called('deleteStack', name, () => {
        const stack = find(name);
        if (!stack) return 'done';
        if (stack.protected)
          return { refused: `${name} cannot be deleted while TerminationProtection is enabled` };
        playDeletion(around, stack, token);
        return 'done';
      }),
  };

  /** Stacks with resources, and change sets that wait; a shell with neither is nothing. */
  const left = () =>
    [...stacks.values()].filter(({ resources, changeSets }) => resources.size + changeSets.size > 0);

  return {
    left,
    ports,
    existing: existingIn(there, stacks),
    there,
    stacks,
    calls,
    faults,
    failing,
    drifts,
    incomparable,
    kept,
    lifted,
    find,
    machine,
    called,
  };
}

const refused = (why: string): Failure => new Failure('AWS_REFUSED', why, 'Mend it.');

export type ACloudFormation = ReturnType<typeof aCloudFormation>;
