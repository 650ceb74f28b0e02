import { isKeptType, isSealedType, isServingType } from './kept-types.ts';
import type { PlannedChange, PlannedStack } from './plan.ts';

/** What runs in a service's stack now. */
export interface Running {
  /** Tasks that ECS is to keep running. */
  readonly desired: number;
  /** The task definition that the service runs, and the newest one of its family. */
  readonly revision: string;
  readonly newest: string | undefined;
}

/** Why a change set of a stack that stays may not be executed, a sentence each. */
export function refusedChanges(
  stack: string,
  changes: readonly PlannedChange[],
  running?: Running,
): readonly string[] {
  return [
    ...changes.flatMap((change) => refusedChange(stack, change)),
    ...(running ? refusedOfService(stack, changes, running) : []),
  ];
}

/** An import may do nothing else. */
export function refusedImport(stack: string, changes: readonly PlannedChange[]): readonly string[] {
  return changes
    .filter(({ action }) => action !== 'import')
    .map(({ logicalId, type }) => `${logicalId} of ${stack} (${type}) would be changed by an import`);
}

const PRIORITY = '/Priority';

/**
 * Priorities of rules that a stack would take from one that comes after it. Stacks are made one after the other, and the
 * load balancer takes each priority once.
 */
export function takenPriorities(
  stacks: readonly Pick<PlannedStack, 'name' | 'changes'>[],
): readonly string[] {
  const moves = stacks.flatMap(({ name, changes }, at) =>
    changes
      .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::ListenerRule')
      .flatMap(({ properties }) => properties.filter(({ path }) => path === PRIORITY))
      .map(({ before, after }) => ({ name, at, before, after })),
  );
  return moves.flatMap(({ name, at, after }) =>
    moves
      .filter((other) => other.at > at && other.before !== null && other.before === after)
      .map(
        (other) =>
          `${name} would take the priority ${after} while ${other.name} still has it: give ${other.name} its new priority in a change before this one`,
      ),
  );
}

function refusedChange(stack: string, change: PlannedChange): readonly string[] {
  const { logicalId, type, action } = change;
  const what = `${logicalId} of ${stack} (${type})`;
  const properties = change.properties.map(({ path }) => path).join(', ');
  const because = properties === '' ? '' : `, by ${properties}`;
  if (type === 'AWS::ECS::TaskDefinition' && action !== 'add')
    return [`${what} would change${because}: deliveries own task definitions once the stack is made`];
  if (isSealedType(type) && action === 'modify')
    return [
      `${what} would change${because}, which no workflow may: have the account's administrator apply ${stack} as \`contract render\` writes it`,
    ];
  const goes = action === 'remove' || action === 'keep';
  if (isKeptType(type)) {
    if (action === 'replace')
      return [`${what} would be replaced${because}: it has data or an address that others use`];
    if (goes) return [`${what} would leave the stack: only a withdrawal takes it away`];
  }
  if (isServingType(type)) {
    if (action === 'replace') return [`${what} would be replaced${because}: it serves requests now`];
    if (goes) return [`${what} would be deleted: it serves requests now`];
  }
  if (type === 'AWS::ECS::Service' && change.properties.some(({ path }) => path.startsWith('/LoadBalancers')))
    return [`${what} would lose its target group${because}`];
  return [];
}

function refusedOfService(
  stack: string,
  changes: readonly PlannedChange[],
  { desired, revision, newest }: Running,
): readonly string[] {
  const maximum = changes
    .filter(({ type }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget')
    .flatMap(({ properties }) => properties.filter(({ path }) => path === '/MaxCapacity'))
    .at(0)?.after;
  const touched = changes.some(({ type, action }) => type === 'AWS::ECS::Service' && action === 'modify');
  return [
    ...(typeof maximum === 'string' && Number(maximum) < desired
      ? [`${stack} would run ${maximum} tasks at most, and ${desired} run now`]
      : []),
    ...(touched && newest !== revision
      ? [
          `the service of ${stack} would go to ${newest ?? 'no revision'}, the newest of its family, and it runs ${revision}: deliver again, or deregister what is newer`,
        ]
      : []),
  ];
}

/** Services of the environment that have a stack and are not in the contract any more. */
export function orphans(present: readonly string[], wanted: readonly string[]): readonly string[] {
  return present
    .filter((name) => !wanted.includes(name))
    .map(
      (name) =>
        `${name} is there, and the contract has no such service: withdraw it before it leaves the contract`,
    );
}
