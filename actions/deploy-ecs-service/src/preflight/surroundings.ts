import { Failure } from '@tenant-delivery/action-kit/failure';
import { LIST_MARGIN, listableSince } from '@tenant-delivery/deployment';
import { parseImage } from '@tenant-delivery/domain';
import { type Facts, type Needs, needsOf, type Seen, type StoredImage } from '@tenant-delivery/isolation';
import type { PreflightSubject, PreflightWorld } from './preflight.ts';
import { afterUpdate } from './service-members.ts';

type ObservedImage = Seen<StoredImage | 'absent'>;

/** Everything that a preflight asks, all at once; what could not be seen is kept as unseen. */
export async function observeSurroundings(world: PreflightWorld, subject: PreflightSubject): Promise<Facts> {
  const { services, scaling, alarms, surroundings, clock, credentialsUntil } = world;
  const { ref, agreed, service, current, wanted, ifInProgress, wait } = subject;
  const { account, region } = ref.target;
  const needs = needsOf(wanted);
  const running = needsOf(current.document);
  const after = afterUpdate(service, subject.members);
  const { subnets: placedIn, attached } = after;
  const primary = service.deployments.find((each) => each.primary);
  const since = listableSince((primary?.createdAt ?? 0) - LIST_MARGIN, clock.now());

  const images = observeImages(world, subject);
  const secrets = observeSecrets(world, needs, account, region);
  const names = needs.secrets.flatMap(({ reference }) =>
    reference.kind === 'parameter' ? reference.names : [],
  );
  const roles = needs.roles.map(async ({ purpose, named }) => ({
    purpose,
    named,
    role: await observed('iam:GetRole', surroundings.role(named.split('/').at(-1) ?? named)),
  }));
  const groupLooks = new Map(
    [...new Set(needs.logGroups.map(({ group }) => group))].map((group) => [
      group,
      observed('logs:DescribeLogGroups', surroundings.logGroupExists(group)),
    ]),
  );
  const logGroups = needs.logGroups.map(async (log) => ({
    ...log,
    exists: (await groupLooks.get(log.group)) ?? { kind: 'seen' as const, value: false },
  }));

  const [
    lookedRoles,
    wantedImages,
    currentImages,
    lookedSecrets,
    parameters,
    lookedGroups,
    groups,
    balancer,
    subnets,
    deployments,
    range,
    states,
  ] = await Promise.all([
    Promise.all(roles),
    Promise.all(
      needs.images.map(async ({ container, image }) => ({
        container,
        image,
        stored: await withPlatform(world, subject, image, await images(image)),
      })),
    ),
    Promise.all(running.images.map(async ({ image }) => ({ image, stored: await images(image) }))),
    secrets,
    observed(
      'ssm:DescribeParameters',
      names.length > 0 ? surroundings.parameters([...new Set(names)]) : none(),
    ),
    Promise.all(logGroups),
    observed(
      'elasticloadbalancing:DescribeTargetGroups',
      attached.length > 0
        ? surroundings.targetGroups([...new Set(attached.map(({ targetGroup }) => targetGroup))])
        : none(),
    ),
    agreed &&
      observed('elasticloadbalancing:DescribeLoadBalancers', surroundings.balancer(agreed.loadBalancer)),
    observed('ec2:DescribeSubnets', placedIn.length > 0 ? surroundings.subnets(placedIn) : none()),
    observed(
      'ecs:ListServiceDeployments',
      subject.known?.deployments
        ? Promise.resolve(subject.known.deployments)
        : services.deployments(ref.names.cluster, ref.target.service, since),
    ),
    agreed &&
      observed(
        'application-autoscaling:DescribeScalableTargets',
        scaling.range(ref.names.cluster, ref.target.service),
      ),
    observed('cloudwatch:DescribeAlarms', subject.alarms.length > 0 ? alarms.alarms(subject.alarms) : none()),
  ]);

  return {
    roles: { account, roles: lookedRoles, executionMissing: needs.executionMissing },
    images: { platform: needs.platform, images: wantedImages },
    secrets: { account, region, references: needs.secrets, secrets: lookedSecrets, parameters },
    logGroups: { region, groups: lookedGroups },
    targetGroups: {
      agreed,
      addressed: needs.addressed,
      attached,
      mapped: needs.mapped,
      groups,
    },
    balancer: agreed && balancer && { agreed, balancer },
    placement: agreed && {
      agreed,
      subnetIds: placedIn,
      securityGroups: after.securityGroups,
      publicAddress: after.publicAddress,
      tags: after.tags,
      subnets,
    },
    addresses: needs.addressed
      ? {
          desired: after.desired,
          running: service.running,
          maximumPercent: after.maximumPercent,
          strategy: service.strategy,
          placedIn,
          subnets,
        }
      : undefined,
    progress: {
      ifInProgress,
      primary: { id: primary?.id ?? 'none', rolloutState: primary?.rolloutState },
      deployments,
    },
    rollbackTarget: {
      rolloutState: primary?.rolloutState,
      deployments,
      current: { arn: current.arn, active: current.active },
      images: currentImages.flatMap(({ image, stored }) =>
        stored === 'elsewhere' ? [] : [{ image, stored }],
      ),
    },
    credentials: { until: credentialsUntil, now: clock.now(), wait },
    capacity: agreed && range && { agreed: agreed.capacity, desired: after.desired, range },
    breaker: { breaker: after.breaker },
    alarms: subject.alarms.length > 0 ? { names: subject.alarms, alarms: states } : undefined,
  };
}

/** What could not be observed is told with the IAM action that it takes; a defect of ours is thrown on. */
async function observed<T>(action: string, asking: Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'seen', value: await asking };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const denied = thrown.code === 'AWS_DENIED';
    const named = /^AWS denied ([a-z0-9-]+:\w+)/.exec(thrown.message)?.[1];
    return { kind: 'unseen', action: named ?? action, why: thrown.message, denied };
  }
}

async function none(): Promise<readonly never[]> {
  return [];
}

/**
 * Looks once at each image that this deploy may look at: by digest, in the service's own repository. Others came with
 * the service, and their repositories are not this role's to read.
 */
function observeImages({ images, local }: PreflightWorld, { ref, agreed, known }: PreflightSubject) {
  const told = [...(known?.images ?? [])].map(
    ([image, value]) => [image, Promise.resolve<ObservedImage>({ kind: 'seen', value })] as const,
  );
  const asked = new Map<string, Promise<ObservedImage>>(told);
  return async (text: string): Promise<ObservedImage | 'elsewhere'> => {
    const image = parseImage(text);
    const [host = '', ...path] = image?.repositoryUri.split('/') ?? [];
    const repository = path.join('/');
    if (!image || !isOwnRegistry(host, ref.target, local) || (agreed && agreed.repository !== repository)) {
      return 'elsewhere';
    }
    const answer = asked.get(text) ?? observed('ecr:DescribeImages', images.image(repository, image.digest));
    asked.set(text, answer);
    return answer;
  };
}

/**
 * An image of one platform names it in its configuration alone. Under a contract the image's record has it, and is judged;
 * without one the configuration is read, and where that cannot be, the log says so.
 */
async function withPlatform(
  { surroundings, runner }: PreflightWorld,
  { agreed }: PreflightSubject,
  text: string,
  stored: ObservedImage | 'elsewhere',
): Promise<ObservedImage | 'elsewhere'> {
  if (agreed || stored === 'elsewhere' || stored.kind === 'unseen' || stored.value === 'absent')
    return stored;
  const [only, ...others] = stored.value.children;
  const image = parseImage(text);
  if (!image || !only || others.length > 0 || only.platform.includes('/')) return stored;
  const repository = image.repositoryUri.split('/').slice(1).join('/');
  const seen = await observed('ecr:GetDownloadUrlForLayer', surroundings.platform(repository, image.digest));
  if (seen.kind === 'seen')
    return { kind: 'seen', value: { ...stored.value, children: [{ ...only, platform: seen.value }] } };
  runner.info(`Which platform ${text} is for is not seen: ${seen.why}`);
  return stored;
}

/** Whether it is the registry of this account and region; local-aws serves those of all at one address. */
function isOwnRegistry(
  host: string,
  { account, region }: PreflightSubject['ref']['target'],
  local: boolean,
): boolean {
  const [, owner, at] = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+$/.exec(host) ?? [];
  return owner === undefined
    ? local && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
    : owner === account && at === region;
}

/** One look at each secret of this account and region, however many containers take it. */
async function observeSecrets(
  { surroundings }: PreflightWorld,
  { secrets }: Needs,
  account: string,
  region: string,
): Promise<Facts['secrets']['secrets']> {
  const ids = secrets.flatMap(({ reference }) =>
    reference.kind === 'secret' &&
    (reference.account ?? account) === account &&
    (reference.region ?? region) === region
      ? [reference.id]
      : [],
  );
  const looks = [...new Set(ids)].map(
    async (id) => [id, await observed('secretsmanager:DescribeSecret', surroundings.secret(id))] as const,
  );
  return new Map(await Promise.all(looks));
}
