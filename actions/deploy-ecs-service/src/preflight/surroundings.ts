import { LIST_MARGIN, listableSince } from '@tenant-delivery/deployment/follow/service-deployment';
import { afterUpdate, type ServiceMembers } from '@tenant-delivery/deployment/service-members';
import type { Facts } from '@tenant-delivery/isolation/checks';
import { type Needs, needsOf } from '@tenant-delivery/isolation/needs';
import type { PreflightWorld } from '../deploy-world.ts';
import { observeImages, withPlatform } from './images.ts';
import { type SeenReader, seenReader } from './seen-reader.ts';
import type { PreflightSubject } from './subject.ts';

/** Everything that a preflight asks, all at once; what could not be seen is kept as unseen. */
export async function observeSurroundings(world: PreflightWorld, subject: PreflightSubject): Promise<Facts> {
  const { agreed, service } = subject;
  const reader = seenReader(world);
  const needs = needsOf(subject.wanted);
  const after = afterUpdate(service, subject.members);
  const [roles, images, secrets, logGroups, targetGroups, balancer, subnets, ofService] = await Promise.all([
    roleFacts(reader, subject, needs),
    imageFacts(world, reader, subject, needs),
    secretFacts(reader, subject, needs),
    logGroupFacts(reader, subject, needs),
    targetGroupFacts(reader, subject, needs, after),
    balancerFacts(reader, subject),
    reader.subnets(after.subnets),
    serviceFacts(reader, subject, after, world.clock.now()),
  ]);
  return {
    ...{ roles, secrets, logGroups, targetGroups, balancer },
    ...ofService,
    images: {
      platform: needs.platform,
      instancesDecide: needs.instancesDecide && !after.onFargate,
      images: images.wanted,
    },
    contracted: agreed !== undefined,
    rollbackTarget: { ...ofService.rollbackTarget, images: images.current },
    placement: agreed && { ...placementOf(after), agreed, subnets },
    addresses: needs.addressed ? { ...addressesOf(service, after), subnets } : undefined,
    credentials: { until: world.credentialsUntil, now: world.clock.now(), wait: subject.wait },
    breaker: { breaker: after.breaker },
  };
}

async function roleFacts(
  reader: SeenReader,
  { ref }: PreflightSubject,
  { roles, executionMissing }: Needs,
): Promise<Facts['roles']> {
  const asked = roles.map(async ({ purpose, named }) => ({
    purpose,
    named,
    role: await reader.role(named.split('/').at(-1) ?? named),
  }));
  return { account: ref.target.account, roles: await Promise.all(asked), executionMissing };
}

/** Images of the revision that is to run, and of the one that runs, each asked for once. */
async function imageFacts(
  world: PreflightWorld,
  reader: SeenReader,
  subject: PreflightSubject,
  needs: Needs,
) {
  const imageOf = observeImages(reader, subject, world.local);
  const [wanted, current] = await Promise.all([
    Promise.all(
      needs.images.map(async ({ container, image }) => ({
        container,
        image,
        stored: await withPlatform(reader, world, subject, { text: image, stored: await imageOf(image) }),
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
  reader: SeenReader,
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
  const asked = [...new Set(ids)].map(async (id) => [id, await reader.secret(id)] as const);
  const [secrets, parameters] = await Promise.all([
    Promise.all(asked),
    reader.parameters([...new Set(names)]),
  ]);
  return { account, region, references, secrets: new Map(secrets), parameters };
}

async function logGroupFacts(
  reader: SeenReader,
  { ref }: PreflightSubject,
  { logGroups }: Needs,
): Promise<Facts['logGroups']> {
  const here = logGroups.filter(({ region }) => (region ?? ref.target.region) === ref.target.region);
  const asked = new Map(
    [...new Set(here.map(({ group }) => group))].map((group) => [group, reader.logGroupExists(group)]),
  );
  const groups = logGroups.map(async (log) => ({
    ...log,
    exists: (await asked.get(log.group)) ?? { kind: 'seen' as const, value: false },
  }));
  return { region: ref.target.region, groups: await Promise.all(groups) };
}

async function targetGroupFacts(
  reader: SeenReader,
  { agreed }: PreflightSubject,
  { addressed, mapped }: Needs,
  { attached }: ServiceMembers,
): Promise<Facts['targetGroups']> {
  const arns = [...new Set(attached.map(({ targetGroup }) => targetGroup))];
  return { agreed, addressed, attached, mapped, groups: await reader.targetGroups(arns) };
}

async function balancerFacts(reader: SeenReader, { agreed }: PreflightSubject): Promise<Facts['balancer']> {
  return agreed && { agreed, balancer: await reader.balancer(agreed.loadBalancer) };
}

/** What ECS, Application Auto Scaling and CloudWatch say of the service itself. */
async function serviceFacts(
  reader: SeenReader,
  { ref, agreed, service, current, ifInProgress, known, alarms: names }: PreflightSubject,
  { desired }: ServiceMembers,
  now: number,
): Promise<
  Pick<Facts, 'progress' | 'capacity' | 'alarms'> & {
    rollbackTarget: Omit<Facts['rollbackTarget'], 'images'>;
  }
> {
  const primary = service.deployments.find((each) => each.primary);
  const since = listableSince((primary?.createdAt ?? 0) - LIST_MARGIN, now);
  const [deployments, range, states] = await Promise.all([
    known?.deployments
      ? ({ kind: 'seen', value: known.deployments } as const)
      : reader.deployments(ref, since),
    agreed && reader.range(ref),
    reader.alarms(names),
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
