import { LIST_MARGIN, listableSince } from '@tenant-delivery/deployment';
import { type Facts, type Needs, needsOf } from '@tenant-delivery/isolation';
import type { PreflightWorld } from '../deploy-world.ts';
import { observeImages, withPlatform } from './images.ts';
import { observed } from './observed.ts';
import { afterUpdate, type ServiceMembers } from './service-members.ts';
import type { PreflightSubject } from './subject.ts';

/** Everything that a preflight asks, all at once; what could not be seen is kept as unseen. */
export async function observeSurroundings(world: PreflightWorld, subject: PreflightSubject): Promise<Facts> {
  const { agreed, service } = subject;
  const needs = needsOf(subject.wanted);
  const after = afterUpdate(service, subject.members);
  const [roles, images, secrets, logGroups, targetGroups, balancer, subnets, ofService] = await Promise.all([
    roleFacts(world, subject, needs),
    imageFacts(world, subject, needs),
    secretFacts(world, subject, needs),
    logGroupFacts(world, subject, needs),
    targetGroupFacts(world, subject, needs, after),
    balancerFacts(world, subject),
    subnetsOf(world, after),
    serviceFacts(world, subject, after),
  ]);
  return {
    ...{ roles, secrets, logGroups, targetGroups, balancer },
    ...ofService,
    images: { platform: needs.platform, images: images.wanted },
    rollbackTarget: { ...ofService.rollbackTarget, images: images.current },
    placement: agreed && { ...placementOf(after), agreed, subnets },
    addresses: needs.addressed ? { ...addressesOf(service, after), subnets } : undefined,
    credentials: { until: world.credentialsUntil, now: world.clock.now(), wait: subject.wait },
    breaker: { breaker: after.breaker },
  };
}

async function roleFacts(
  { surroundings }: PreflightWorld,
  { ref }: PreflightSubject,
  { roles, executionMissing }: Needs,
): Promise<Facts['roles']> {
  const asked = roles.map(async ({ purpose, named }) => ({
    purpose,
    named,
    role: await observed('iam:GetRole', surroundings.role(named.split('/').at(-1) ?? named)),
  }));
  return { account: ref.target.account, roles: await Promise.all(asked), executionMissing };
}

/** Images of the revision that is to run, and of the one that runs, each asked for once. */
async function imageFacts(world: PreflightWorld, subject: PreflightSubject, needs: Needs) {
  const imageOf = observeImages(world, subject);
  const [wanted, current] = await Promise.all([
    Promise.all(
      needs.images.map(async ({ container, image }) => ({
        container,
        image,
        stored: await withPlatform(world, subject, image, await imageOf(image)),
      })),
    ),
    Promise.all(
      needsOf(subject.current.document).images.map(async ({ image }) => ({
        image,
        stored: await imageOf(image),
      })),
    ),
  ]);
  const own = current.flatMap(({ image, stored }) => (stored === 'elsewhere' ? [] : [{ image, stored }]));
  return { wanted, current: own };
}

/** One look at each secret of this account and region, however many containers take it. */
async function secretFacts(
  { surroundings }: PreflightWorld,
  { ref }: PreflightSubject,
  { secrets: references }: Needs,
): Promise<Facts['secrets']> {
  const { account, region } = ref.target;
  const ids = references.flatMap(({ reference }) =>
    reference.kind === 'secret' &&
    (reference.account ?? account) === account &&
    (reference.region ?? region) === region
      ? [reference.id]
      : [],
  );
  const names = references.flatMap(({ reference }) =>
    reference.kind === 'parameter' ? reference.names : [],
  );
  const asked = [...new Set(ids)].map(
    async (id) => [id, await observed('secretsmanager:DescribeSecret', surroundings.secret(id))] as const,
  );
  const [secrets, parameters] = await Promise.all([
    Promise.all(asked),
    observed(
      'ssm:DescribeParameters',
      names.length > 0 ? surroundings.parameters([...new Set(names)]) : none(),
    ),
  ]);
  return { account, region, references, secrets: new Map(secrets), parameters };
}

async function logGroupFacts(
  { surroundings }: PreflightWorld,
  { ref }: PreflightSubject,
  { logGroups }: Needs,
): Promise<Facts['logGroups']> {
  const asked = new Map(
    [...new Set(logGroups.map(({ group }) => group))].map((group) => [
      group,
      observed('logs:DescribeLogGroups', surroundings.logGroupExists(group)),
    ]),
  );
  const groups = logGroups.map(async (log) => ({
    ...log,
    exists: (await asked.get(log.group)) ?? { kind: 'seen' as const, value: false },
  }));
  return { region: ref.target.region, groups: await Promise.all(groups) };
}

async function targetGroupFacts(
  { surroundings }: PreflightWorld,
  { agreed }: PreflightSubject,
  { addressed, mapped }: Needs,
  { attached }: ServiceMembers,
): Promise<Facts['targetGroups']> {
  const arns = [...new Set(attached.map(({ targetGroup }) => targetGroup))];
  const asking = arns.length > 0 ? surroundings.targetGroups(arns) : none();
  const groups = await observed('elasticloadbalancing:DescribeTargetGroups', asking);
  return { agreed, addressed, attached, mapped, groups };
}

async function balancerFacts(
  { surroundings }: PreflightWorld,
  { agreed }: PreflightSubject,
): Promise<Facts['balancer']> {
  if (!agreed) return undefined;
  const asking = surroundings.balancer(agreed.loadBalancer);
  return { agreed, balancer: await observed('elasticloadbalancing:DescribeLoadBalancers', asking) };
}

function subnetsOf({ surroundings }: PreflightWorld, { subnets }: ServiceMembers) {
  return observed('ec2:DescribeSubnets', subnets.length > 0 ? surroundings.subnets(subnets) : none());
}

/** What ECS, Application Auto Scaling and CloudWatch say of the service itself. */
async function serviceFacts(
  { services, scaling, alarms, clock }: PreflightWorld,
  { ref, agreed, service, current, ifInProgress, known, alarms: names }: PreflightSubject,
  { desired }: ServiceMembers,
): Promise<
  Pick<Facts, 'progress' | 'capacity' | 'alarms'> & {
    rollbackTarget: Omit<Facts['rollbackTarget'], 'images'>;
  }
> {
  const { cluster } = ref.names;
  const name = ref.target.service;
  const primary = service.deployments.find((each) => each.primary);
  const since = listableSince((primary?.createdAt ?? 0) - LIST_MARGIN, clock.now());
  const listing = known?.deployments
    ? Promise.resolve(known.deployments)
    : services.deployments(cluster, name, since);
  const [deployments, range, states] = await Promise.all([
    observed('ecs:ListServiceDeployments', listing),
    agreed && observed('application-autoscaling:DescribeScalableTargets', scaling.range(cluster, name)),
    observed('cloudwatch:DescribeAlarms', names.length > 0 ? alarms.alarms(names) : none()),
  ]);
  const rolloutState = primary?.rolloutState;
  return {
    progress: { ifInProgress, primary: { id: primary?.id ?? 'none', rolloutState }, deployments },
    rollbackTarget: { rolloutState, deployments, current: { arn: current.arn, active: current.active } },
    capacity: agreed && range && { agreed: agreed.capacity, desired, range },
    alarms: names.length > 0 ? { names, alarms: states } : undefined,
  };
}

function placementOf({ subnets, securityGroups, publicAddress, tags }: ServiceMembers) {
  return { subnetIds: subnets, securityGroups, publicAddress, tags };
}

function addressesOf(
  { running, strategy }: PreflightSubject['service'],
  { desired, maximumPercent, subnets }: ServiceMembers,
) {
  return { desired, running, maximumPercent, strategy, placedIn: subnets };
}

async function none(): Promise<readonly never[]> {
  return [];
}
