import { Failure } from '@tenant-delivery/action-kit/failure';
import type {
  ChangeSet,
  ChangeSetRequest,
  Drift,
  ResourceChange,
  ResourceDrift,
  StackEvent,
  StackExecutor,
  StackPlanner,
  StackSeen,
} from '@tenant-delivery/provisioning/ports';
import type { Resource, Template } from '@tenant-delivery/provisioning/stacks/template';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';

/** Where a machine dies, or an answer is lost: the `nth` time that this call is made. */
export interface Fault {
  readonly call: keyof (StackPlanner & StackExecutor);
  readonly when: 'dies before' | 'dies after' | 'answer lost before' | 'answer lost after';
  readonly nth?: number;
}

interface Made extends Resource {
  readonly id: string;
}

interface Stored {
  readonly id: string;
  readonly request: ChangeSetRequest;
  readonly type: string;
  readonly at: number;
  execution: string;
}

interface AStack {
  readonly id: string;
  readonly name: string;
  status: string;
  body: string | undefined;
  parameters: Readonly<Record<string, string>>;
  resources: Map<string, Made>;
  policy: string | undefined;
  protected: boolean;
  changeSets: Map<string, Stored>;
  /** With the moment from which each is told. */
  events: StackEvent[];
  /** What becomes of the stack, and when. */
  pending: { readonly at: number; readonly act: () => void } | undefined;
}

const STEP = 10_000; // milliseconds that each resource takes
const MAKING = 3_000; // milliseconds that a change set takes

/**
 * CloudFormation as this action needs it, in memory and in virtual time. It refuses what AWS refuses: a second execution, a
 * change set for a stack in the wrong state, what a stack policy denies, the deletion of what is protected.
 */
export function aCloudFormation(clock: FakeClock) {
  const stacks = new Map<string, AStack>();
  const deleted = new Map<string, AStack>();
  const calls: string[] = [];
  const faults: Fault[] = [];
  /** Logical ids that fail, with AWS's reason. */
  const failing = new Map<string, string>();
  const drifts = new Map<string, ResourceDrift[]>();
  /** Resources that left their stack and stay in the account. */
  const kept: Made[] = [];
  /** A machine that died sends nothing more, to the vault neither. */
  const machine = { dead: false };
  let ids = 0;

  const find = (name: string): AStack | undefined => {
    const stack = stacks.get(name) ?? deleted.get(name) ?? [...stacks.values()].find(({ id }) => id === name);
    settle(stack);
    return stack;
  };
  const settle = (stack: AStack | undefined) => {
    while (stack?.pending && clock.now() >= stack.pending.at) {
      const { act } = stack.pending;
      stack.pending = undefined;
      act();
    }
  };
  const refused = (why: string): Failure => new Failure('AWS_REFUSED', why, 'Mend it.');

  /** The fault of this call, if it is its turn: each counts down from the moment it was put there. */
  const faultAt = (call: Fault['call']): Fault | undefined => {
    const at = faults.findIndex((each) => each.call === call);
    const found = faults[at];
    if (!found) return undefined;
    const left = (found.nth ?? 1) - 1;
    if (left === 0) faults.splice(at, 1);
    else faults[at] = { ...found, nth: left };
    return left === 0 ? found : undefined;
  };

  /** Counts the call, and lets the machine die or the answer get lost there. */
  const called = async <T>(call: Fault['call'], stack: string, work: () => T): Promise<T> => {
    if (machine.dead) throw new Error('the machine died');
    calls.push(`${call} ${stack}`);
    const fault = faultAt(call);
    if (fault?.when === 'answer lost before') return 'unknown' as T;
    const answer = fault?.when === 'dies before' ? undefined : work();
    machine.dead = fault?.when.startsWith('dies') ?? false;
    if (machine.dead || answer === undefined) {
      if (machine.dead) throw new Error('the machine died');
      return undefined as T;
    }
    return fault?.when === 'answer lost after' ? ('unknown' as T) : answer;
  };

  const setOf = (stack: AStack | undefined, named: string): Stored | undefined =>
    named.startsWith('arn:')
      ? [...(stack?.changeSets.values() ?? [])].find(({ id }) => id === named)
      : stack?.changeSets.get(named);
  const templateOf = ({ body }: Pick<AStack, 'body'>): Template | undefined =>
    body === undefined ? undefined : (JSON.parse(body) as Template); // this double stored it
  const changesOf = (stack: AStack, { request }: Stored): readonly ResourceChange[] => {
    const wanted = (JSON.parse(request.template) as Template).Resources; // as above
    const same = JSON.stringify(request.parameters) === JSON.stringify(stack.parameters);
    const names = [...new Set([...stack.resources.keys(), ...Object.keys(wanted)])].toSorted();
    return names.flatMap((logicalId): readonly ResourceChange[] => {
      const [before, after] = [stack.resources.get(logicalId), wanted[logicalId]];
      const base = { logicalId, replacement: undefined, policyAction: undefined, properties: [] };
      if (!after) {
        const policyAction = before?.DeletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : 'Delete';
        return [{ ...base, type: before?.Type ?? '', id: before?.id, action: 'Remove', policyAction }];
      }
      if (!before) return [{ ...base, type: after.Type, id: undefined, action: 'Add' }];
      const properties = differing(before.Properties, after.Properties);
      if (properties.length === 0 && same) return [];
      if (properties.length === 0) return [];
      const replacement = properties.some(({ path }) => replaces(after.Type, path)) ? 'True' : 'False';
      return [{ ...base, type: after.Type, id: before.id, action: 'Modify', replacement, properties }];
    });
  };
  const statusOf = (stack: AStack, set: Stored): Pick<ChangeSet, 'status' | 'reason'> => {
    if (clock.now() < set.at + MAKING) return { status: 'CREATE_IN_PROGRESS', reason: undefined };
    return changesOf(stack, set).length === 0 && set.execution === 'AVAILABLE'
      ? { status: 'FAILED', reason: "The submitted information didn't contain changes." }
      : { status: 'CREATE_COMPLETE', reason: undefined };
  };

  const event = (stack: AStack, token: string, at: number, of: Partial<StackEvent>): StackEvent => ({
    id: `${stack.name}-${stack.events.length}`,
    at,
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: '',
    reason: undefined,
    token,
    ...of,
  });

  /** Plays the changes one after another; the first that fails takes all of them back. */
  const play = (stack: AStack, set: Stored, token: string): void => {
    const isNew = stack.status === 'REVIEW_IN_PROGRESS';
    const [doing, done] = isNew ? ['CREATE', 'CREATE_COMPLETE'] : ['UPDATE', 'UPDATE_COMPLETE'];
    const changes = changesOf(stack, set);
    const wanted = (JSON.parse(set.request.template) as Template).Resources; // stored here
    const before = new Map(stack.resources);
    stack.status = `${doing}_IN_PROGRESS`;
    let at = clock.now();
    stack.events.push(event(stack, token, at, { status: stack.status }));
    let failed = false;
    for (const change of changes) {
      at += STEP;
      const { logicalId, type, action } = change;
      const verb = action === 'Add' ? 'CREATE' : action === 'Remove' ? 'DELETE' : 'UPDATE';
      const denied = !isNew && denies(stack.policy, change);
      const why = denied ? 'Action denied by stack policy' : failing.get(logicalId);
      ids += 1;
      const made: Made | undefined = wanted[logicalId] && {
        ...wanted[logicalId],
        id: before.get(logicalId)?.id ?? `${logicalId.toLowerCase()}-${ids}`,
      };
      const told = { logicalId, type, physicalId: made?.id ?? before.get(logicalId)?.id };
      if (why !== undefined) {
        stack.events.push(event(stack, token, at, { ...told, status: `${verb}_FAILED`, reason: why }));
        failed = true;
        break;
      }
      const skipped = action === 'Remove' && change.policyAction === 'Retain';
      stack.events.push(
        event(stack, token, at, { ...told, status: skipped ? 'DELETE_SKIPPED' : `${verb}_COMPLETE` }),
      );
    }
    for (const other of stack.changeSets.values()) other.execution = 'OBSOLETE';
    set.execution = 'EXECUTE_IN_PROGRESS';
    const end = failed ? (isNew ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE') : done;
    stack.events.push(event(stack, token, at + STEP, { status: end }));
    stack.pending = {
      at: at + STEP,
      act: () => {
        stack.status = end ?? '';
        set.execution = failed ? 'EXECUTE_FAILED' : 'EXECUTE_COMPLETE';
        if (failed) return;
        for (const [id, resource] of before)
          if (!wanted[id] && resource.DeletionPolicy === 'RetainExceptOnCreate') kept.push(resource);
        stack.body = set.request.template;
        stack.parameters = set.request.parameters;
        stack.resources = new Map(
          Object.entries(wanted).map(([logicalId, resource]) => {
            ids += 1;
            return [
              logicalId,
              { ...resource, id: before.get(logicalId)?.id ?? `${logicalId.toLowerCase()}-${ids}` },
            ];
          }),
        );
      },
    };
  };

  const ports: StackPlanner & StackExecutor = {
    describe: (name) =>
      called('describe', name, () => {
        const stack = stacks.has(name) || name.startsWith('arn:') ? find(name) : undefined;
        settle(stack);
        if (!stack || (stack.status === 'DELETE_COMPLETE' && !name.startsWith('arn:'))) return undefined;
        return seen(stack);
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
        return stack
          ? [...stack.changeSets].map(([called, set]) => ({
              name: called,
              status: statusOf(stack, set).status,
            }))
          : [];
      }),
    changeSet: (name, changeSet) =>
      called('changeSet', name, () => {
        const stack = find(name);
        const set = setOf(stack, changeSet);
        if (!stack || !set) return undefined;
        const { status, reason } = statusOf(stack, set);
        const complete = status === 'CREATE_COMPLETE';
        return {
          id: set.id,
          status,
          reason,
          execution: complete ? set.execution : 'UNAVAILABLE',
          parameters: set.request.parameters,
          changes: complete ? shuffled(changesOf(stack, set)) : [],
        };
      }),
    template: (name, changeSet) =>
      called('template', name, () => {
        const stack = find(name);
        return changeSet === undefined ? stack?.body : setOf(stack, changeSet)?.request.template;
      }),
    policy: (name) => called('policy', name, () => find(name)?.policy),
    resources: (name) =>
      called('resources', name, () =>
        [...(find(name)?.resources ?? [])].map(([logicalId, { id, Type: type }]) => ({
          logicalId,
          id,
          type,
          status: 'CREATE_COMPLETE',
        })),
      ),
    events: (name, token) =>
      called('events', name, () => {
        const stack = find(name) ?? [...deleted.values()].find(({ id }) => id === name);
        settle(stack);
        return (stack?.events ?? []).filter((each) => each.token === token && each.at <= clock.now());
      }),
    detectDrift: (name) => called('detectDrift', name, () => `${name} at ${clock.now()}`),
    drift: (name, detection) =>
      called('drift', name, (): Drift | undefined =>
        clock.now() < Number(detection.split(' at ')[1]) + MAKING
          ? undefined
          : { status: 'complete', reason: undefined, resources: drifts.get(name) ?? [] },
      ),
    createChangeSet: (request) =>
      called('createChangeSet', request.stack, () => {
        const there = find(request.stack);
        if (there?.changeSets.has(request.changeSet)) return 'exists';
        const reviewed = there === undefined || there.status === 'REVIEW_IN_PROGRESS';
        if ((request.type === 'CREATE') !== reviewed)
          throw refused(`${request.stack} takes no change set of the type ${request.type}`);
        if (!reviewed && !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(there.status))
          throw refused(`${request.stack} is in ${there.status} state and can not be updated.`);
        const stack = there ?? blank(request.stack);
        stacks.set(request.stack, stack);
        ids += 1;
        stack.changeSets.set(request.changeSet, {
          id: `arn:aws:cloudformation:eu-west-1:000011112222:changeSet/${request.changeSet}/${ids}`,
          request,
          type: request.type,
          at: clock.now(),
          execution: 'AVAILABLE',
        });
        return 'created';
      }),
    deleteChangeSet: (name, changeSet) =>
      called('deleteChangeSet', name, () => {
        find(name)?.changeSets.delete(changeSet);
      }),
    execute: (name, changeSet, token) =>
      called('execute', name, () => {
        const stack = find(name);
        const set = setOf(stack, changeSet);
        if (!stack || !set) return { refused: `ChangeSet [${changeSet}] does not exist` };
        if (set.execution !== 'AVAILABLE')
          return { refused: `InvalidChangeSetStatus: ${changeSet} is ${set.execution}` };
        play(stack, set, token);
        return 'done';
      }),
    setPolicy: (name, policy) =>
      called('setPolicy', name, () => {
        const stack = find(name);
        if (stack) stack.policy = policy;
      }),
    protect: (name, on) =>
      called('protect', name, () => {
        const stack = find(name);
        if (stack) stack.protected = on;
      }),
    deleteStack: (name, token) =>
      called('deleteStack', name, () => {
        const stack = find(name);
        if (!stack) return 'done';
        if (stack.protected)
          return { refused: `${name} cannot be deleted while TerminationProtection is enabled` };
        stack.status = 'DELETE_IN_PROGRESS';
        stack.events.push(event(stack, token, clock.now(), { status: 'DELETE_IN_PROGRESS' }));
        stack.events.push(event(stack, token, clock.now() + STEP, { status: 'DELETE_COMPLETE' }));
        stack.pending = { at: clock.now() + STEP, act: () => remove(stack) };
        return 'done';
      }),
  };

  function blank(name: string): AStack {
    ids += 1;
    return {
      id: `arn:aws:cloudformation:eu-west-1:000011112222:stack/${name}/${ids}`,
      name,
      status: 'REVIEW_IN_PROGRESS',
      body: undefined,
      parameters: {},
      resources: new Map(),
      policy: undefined,
      protected: false,
      changeSets: new Map(),
      events: [],
      pending: undefined,
    };
  }

  function remove(stack: AStack): void {
    stack.status = 'DELETE_COMPLETE';
    stack.resources.clear();
    stacks.delete(stack.name);
    deleted.set(stack.id, stack);
  }

  function seen(stack: AStack): StackSeen {
    const outputs = Object.entries(templateOf(stack)?.Outputs ?? {});
    return {
      id: stack.id,
      name: stack.name,
      status: stack.status,
      reason: undefined,
      parameters: stack.parameters,
      outputs: Object.fromEntries(outputs.map(([name]) => [name, `${name.toLowerCase()}-1`])),
      terminationProtection: stack.protected,
    };
  }

  /** Stacks with resources, and change sets that wait; a shell with neither is nothing. */
  const left = () =>
    [...stacks.values()].filter(({ resources, changeSets }) => resources.size + changeSets.size > 0);

  return { left, ports, stacks, calls, faults, failing, drifts, kept, find, machine };
}

export type ACloudFormation = ReturnType<typeof aCloudFormation>;

function differing(before: Resource['Properties'] = {}, after: Resource['Properties'] = {}) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const textOf = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  return names.flatMap((name) => {
    const [from, to] = [textOf(before[name]), textOf(after[name])];
    return from === to ? [] : [{ path: `/${name}`, before: from, after: to }];
  });
}

const REPLACING: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::VPC': /CidrBlock/,
  'AWS::EC2::Subnet': /CidrBlock|AvailabilityZoneId/,
  'AWS::ElasticLoadBalancingV2::TargetGroup': /Port|Protocol|VpcId|Name/,
  'AWS::ECS::TaskDefinition': /./,
  'AWS::ECS::Service': /ServiceName|Cluster/,
};

function replaces(type: string, path: string): boolean {
  return REPLACING[type]?.test(path) ?? false;
}

/** What a stack policy says of a change, as far as ours go. */
function denies(
  policy: string | undefined,
  { logicalId, type, action, replacement }: ResourceChange,
): boolean {
  if (policy === undefined) return false;
  const verb =
    action === 'Remove' ? 'Update:Delete' : replacement === 'True' ? 'Update:Replace' : 'Update:Modify';
  const { Statement } = JSON.parse(policy) as {
    Statement: {
      Effect: string;
      Action: string | string[];
      Resource: string | string[];
      Condition?: { StringEquals: { ResourceType: string[] } };
    }[];
  };
  return Statement.some(({ Effect, Action, Resource: resource, Condition }) => {
    const fits = [Action].flat().some((each) => each === 'Update:*' || each === verb);
    const about = [resource].flat().some((each) => each === '*' || each === `LogicalResourceId/${logicalId}`);
    const types = Condition?.StringEquals.ResourceType;
    return (
      Effect === 'Deny' && action !== 'Add' && fits && about && (types === undefined || types.includes(type))
    );
  });
}

/** Two descriptions of one change set come in different orders. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  return list.toReversed();
}
