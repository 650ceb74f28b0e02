import type { Owner, Severity, Verdict } from './check.ts';
import { judgeAlarms, type ObservedAlarms } from './checks/alarms.ts';
import { judgeBalancer, type ObservedBalancer } from './checks/balancer.ts';
import { judgeBreaker, type ObservedBreaker } from './checks/breaker.ts';
import { judgeCapacity, type ObservedCapacity } from './checks/capacity.ts';
import { judgeCredentials, type ObservedCredentials } from './checks/credential-life.ts';
import { judgeAddresses, judgeAddressesBySubnet, type ObservedAddresses } from './checks/free-addresses.ts';
import { judgeImages, type ObservedImages } from './checks/image.ts';
import { judgeProgress, type ObservedProgress } from './checks/in-progress.ts';
import { judgeLogGroups, type ObservedLogGroups } from './checks/log-groups.ts';
import { judgePlacement, type ObservedPlacement } from './checks/placement.ts';
import { judgeRollbackTarget, type ObservedRollbackTarget } from './checks/rollback-target.ts';
import { judgeSecrets, type ObservedSecrets } from './checks/secrets.ts';
import { judgeTargetGroups, type ObservedTargetGroups } from './checks/target-groups.ts';
import { judgeTaskRoles, type ObservedTaskRoles } from './checks/task-roles.ts';

/** Everything that a preflight looked at. What is `undefined` does not apply: nothing was agreed, or nothing is used. */
export interface Facts {
  readonly roles: ObservedTaskRoles;
  readonly images: ObservedImages;
  readonly secrets: ObservedSecrets;
  readonly logGroups: ObservedLogGroups;
  readonly targetGroups: ObservedTargetGroups;
  readonly balancer: ObservedBalancer | undefined;
  readonly placement: ObservedPlacement | undefined;
  readonly addresses: ObservedAddresses | undefined;
  readonly progress: ObservedProgress;
  readonly rollbackTarget: ObservedRollbackTarget;
  readonly credentials: ObservedCredentials;
  /** Whether a contract is about the service: it is stricter than AWS. */
  readonly contracted: boolean;
  readonly capacity: ObservedCapacity | undefined;
  readonly breaker: ObservedBreaker;
  readonly alarms: ObservedAlarms | undefined;
}

export interface CheckDefinition {
  readonly id: string;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly expected: string;
  /** What it keeps from happening, for the page that lists the checks. */
  readonly why: string;
  /** Why an unknown does not stop a deploy here, where it does not. */
  readonly unknownPasses?: string;
  /**
   * Without a contract: it stops a deploy or warns as with one (`same`), it only warns, or it is not made, because nothing
   * was agreed.
   */
  readonly alone: 'same' | 'warn' | 'not made';
  /** What of it only warns without a contract, for the page. */
  readonly aloneWarns?: string;
  /** A rollback or a recovery goes on although this fails: it may be what mends it. */
  readonly recoveryPasses?: true;
  /** A plan goes on although this fails: it is about the moment of the deploy, which people approve later. */
  readonly planPasses?: true;
  /** `undefined` where the check does not apply. */
  readonly judge: (facts: Facts) => Verdict | undefined;
}

const over = <T>(value: T | undefined, judge: (value: T) => Verdict): Verdict | undefined =>
  value === undefined ? undefined : judge(value);

/** Every check of a preflight, in the order in which a reader wants them. */
export const CHECKS: readonly CheckDefinition[] = [
  {
    id: 'task-roles',
    owner: 'provider',
    severity: 'block',
    alone: 'same',
    expected: 'Task and execution role exist in this account and trust ecs-tasks.amazonaws.com.',
    why: 'No task starts with a role that ECS cannot assume.',
    unknownPasses:
      'IAM answers for the whole partition from one region, and an outage there must not hold up a deploy elsewhere',
    judge: ({ roles }) => judgeTaskRoles(roles),
  },
  {
    id: 'image',
    owner: 'customer',
    severity: 'block',
    alone: 'same',
    aloneWarns: 'another processor than X86_64, where instances decide',
    expected: "Each image by digest is in the registry, for the platform of the service's tasks.",
    why: 'A task never starts if its image is gone or was built for another platform.',
    judge: ({ images, contracted }) => judgeImages(images, contracted),
  },
  {
    id: 'secrets',
    owner: 'customer',
    severity: 'block',
    alone: 'same',
    aloneWarns: 'one of another account or region',
    expected: 'Each secret and parameter exists here, with the named version, and is not being deleted.',
    why: 'A task does not start without its secrets. Only their metadata is read, never a value.',
    judge: ({ secrets, contracted }) => judgeSecrets(secrets, contracted),
  },
  {
    id: 'log-group',
    owner: 'provider',
    severity: 'block',
    alone: 'same',
    aloneWarns: 'logs in another region',
    expected: 'Each log group exists in this region, or is made by the task itself.',
    why: 'A task does not start when its log group is missing.',
    judge: ({ logGroups, contracted }) => judgeLogGroups(logGroups, contracted),
  },
  {
    id: 'target-group',
    owner: 'provider',
    severity: 'block',
    alone: 'same',
    expected:
      'The agreed target group takes tasks of this VPC by address, is on a listener of the agreed balancer, and sends to a port that the container maps.',
    why: 'A task that no balancer can reach never becomes healthy.',
    judge: ({ targetGroups }) => judgeTargetGroups(targetGroups),
  },
  {
    id: 'balancer-internal',
    owner: 'provider',
    severity: 'block',
    alone: 'not made',
    expected: 'The agreed balancer is internal, active and in the agreed VPC.',
    why: "A delivery never exposes a tenant's service to the internet.",
    judge: ({ balancer }) => over(balancer, judgeBalancer),
  },
  {
    id: 'placement',
    owner: 'provider',
    severity: 'block',
    alone: 'not made',
    expected:
      'Tasks run in the agreed subnets and zones, with the agreed security groups and no public address.',
    why: 'A service that was moved elsewhere is not deployed.',
    judge: ({ placement }) => over(placement, judgePlacement),
  },
  {
    id: 'free-addresses',
    owner: 'provider',
    severity: 'block',
    alone: 'warn',
    expected: 'The subnets have addresses for the tasks that start next to the old ones.',
    why: 'A deployment without free addresses hangs until its time is over.',
    recoveryPasses: true,
    judge: ({ addresses }) => over(addresses, judgeAddresses),
  },
  {
    id: 'free-addresses-by-subnet',
    owner: 'provider',
    severity: 'warn',
    alone: 'same',
    expected: 'Each subnet has addresses for its share of these tasks.',
    why: 'Tasks pile up in the zones that still have room.',
    judge: ({ addresses }) => over(addresses, judgeAddressesBySubnet),
  },
  {
    id: 'in-progress',
    owner: 'customer',
    severity: 'block',
    alone: 'same',
    expected: 'No deployment is in progress, or the request says what to do about one.',
    why: 'Of two deployments the later one wins, and neither says so.',
    recoveryPasses: true,
    planPasses: true,
    judge: ({ progress }) => judgeProgress(progress),
  },
  {
    id: 'credential-life',
    owner: 'customer',
    severity: 'block',
    alone: 'same',
    aloneWarns: 'an end that nobody knows',
    expected: 'The credentials outlive the wait for the deployment.',
    why: 'Without credentials a run can neither see how a deployment went nor roll it back.',
    recoveryPasses: true,
    judge: ({ credentials }) => judgeCredentials(credentials),
  },
  {
    id: 'rollback-target',
    owner: 'customer',
    severity: 'warn',
    alone: 'same',
    expected: 'What runs now has completed, is registered, and has its images in the registry.',
    why: 'Without a version to go back to, a failed deployment stays failed.',
    judge: ({ rollbackTarget }) => judgeRollbackTarget(rollbackTarget),
  },
  {
    id: 'breaker',
    owner: 'provider',
    severity: 'warn',
    alone: 'same',
    expected: 'The deployment circuit breaker is enabled and rolls back.',
    why: 'Nothing else stops a failing deployment if the run ends early.',
    judge: ({ breaker }) => judgeBreaker(breaker),
  },
  {
    id: 'capacity',
    owner: 'provider',
    severity: 'warn',
    alone: 'not made',
    expected: 'The desired count and the scalable range are within what was agreed.',
    why: 'A delivery leaves counts as they are, even those that break an agreement.',
    judge: ({ capacity }) => over(capacity, judgeCapacity),
  },
  {
    id: 'alarms',
    owner: 'customer',
    severity: 'warn',
    alone: 'not made',
    expected: 'Each alarm of contract and manifest exists and is not in ALARM.',
    why: 'An alarm that is missing or already in ALARM cannot show what a deployment does.',
    judge: ({ alarms }) => over(alarms, judgeAlarms),
  },
];
