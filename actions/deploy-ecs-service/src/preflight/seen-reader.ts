import { Failure } from '@tenant-delivery/action-kit/failure';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import type { Seen } from '@tenant-delivery/isolation/observed';
import type { PreflightWorld } from '../deploy-world.ts';

/**
 * Everything that a preflight asks of AWS, each question with the IAM action that it takes. What could not be observed is
 * kept as unseen, and nothing is asked where there is nothing to ask about.
 */
export function seenReader(world: PreflightWorld) {
  const { services, scaling, alarms, surroundings, images } = world;
  const elb = 'elasticloadbalancing';
  return {
    role: (name: string) => observed('iam:GetRole', surroundings.role(name)),
    secret: (id: string) => observed('secretsmanager:DescribeSecret', surroundings.secret(id)),
    parameters: (names: readonly string[]) =>
      observed(
        'ssm:DescribeParameters',
        orNone(names, () => surroundings.parameters(names)),
      ),
    logGroupExists: (group: string) => observed('logs:DescribeLogGroups', surroundings.logGroupExists(group)),
    targetGroups: (arns: readonly string[]) =>
      observed(
        `${elb}:DescribeTargetGroups`,
        orNone(arns, () => surroundings.targetGroups(arns)),
      ),
    balancer: (name: string) => observed(`${elb}:DescribeLoadBalancers`, surroundings.balancer(name)),
    subnets: (ids: readonly string[]) =>
      observed(
        'ec2:DescribeSubnets',
        orNone(ids, () => surroundings.subnets(ids)),
      ),
    alarms: (names: readonly string[]) =>
      observed(
        'cloudwatch:DescribeAlarms',
        orNone(names, () => alarms.alarms(names)),
      ),
    image: (repository: string, digest: `sha256:${string}`) =>
      observed('ecr:DescribeImages', images.image(repository, digest)),
    platform: (repository: string, digest: `sha256:${string}`) =>
      observed('ecr:GetDownloadUrlForLayer', surroundings.platform(repository, digest)),
    deployments: ({ names, target }: ServiceRef, since: number) =>
      observed('ecs:ListServiceDeployments', services.deployments(names.cluster, target.service, since)),
    range: ({ names, target }: ServiceRef) =>
      observed(
        'application-autoscaling:DescribeScalableTargets',
        scaling.range(names.cluster, target.service),
      ),
  };
}

export type SeenReader = ReturnType<typeof seenReader>;

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

async function orNone<T>(names: readonly string[], ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  return names.length > 0 ? ask() : [];
}
