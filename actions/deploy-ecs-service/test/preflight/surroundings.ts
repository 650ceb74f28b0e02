import type { AlarmState } from '@tenant-delivery/deployment/observed';
import type { AlarmReader } from '@tenant-delivery/deployment/ports';
import type { PlacedBalancer, PlacedTargetGroup, Secret } from '@tenant-delivery/isolation/observed';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import type { PreflightWorld } from '../../src/deploy-world.ts';

const ACCOUNT = '000011112222';
const VPC = 'vpc-0acme00000000prod';
const SUBNETS = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002'];
const ELB = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}`;
/** The target group of `anEcs`. */
const GROUP = 'group';

/** An entry of a service's `loadBalancers`. */
export function registeredIn(targetGroupArn: string) {
  return { targetGroupArn, containerName: 'orders', containerPort: 8080 };
}

/** What ECS says of acme's orders besides what a `Service` has members for. */
export const SERVICE_DOCUMENT = {
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: SUBNETS,
      securityGroups: ['sg-0acme0000000app00'],
      assignPublicIp: 'DISABLED',
    },
  },
  loadBalancers: [registeredIn(GROUP)],
  deploymentConfiguration: {
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
};

/** The surroundings of acme's orders in which nothing is to be found, to be changed by a test. */
export function surroundingsOf() {
  const asked: string[] = [];
  let inFlight = 0;
  const state: {
    roles: 'there' | 'absent' | Error;
    secrets: Record<string, Secret | Error>;
    parameters: readonly string[];
    logGroups: readonly string[];
    free: number;
    /** Of an image that names none in its manifest. */
    platform: string;
    group: Partial<PlacedTargetGroup> | Error;
    balancer: Partial<PlacedBalancer>;
    alarms: readonly AlarmState[];
    /** Looks that were under way at once. */
    most: number;
  } = {
    roles: 'there',
    secrets: {},
    parameters: [],
    logGroups: ['/td/acme/prod/orders'],
    free: 200,
    platform: 'linux/amd64',
    group: {},
    balancer: {},
    alarms: [],
    most: 0,
  };
  const look = async <T>(what: string, answer: () => T): Promise<T> => {
    asked.push(what);
    inFlight += 1;
    state.most = Math.max(state.most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return answer();
  };
  const trust = {
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  const surroundings: PreflightReader = {
    role: (name) =>
      look(`role ${name}`, () => {
        if (state.roles instanceof Error) throw state.roles;
        const arn = `arn:aws:iam::${ACCOUNT}:role/td/prod/tasks/${name}`;
        return state.roles === 'there' ? { arn, trust } : undefined;
      }),
    secret: (id) =>
      look(`secret ${id}`, () => {
        const secret = state.secrets[id];
        if (secret instanceof Error) throw secret;
        return secret;
      }),
    parameters: (names) =>
      look(`parameters ${names}`, () => state.parameters.filter((name) => names.includes(name))),
    platform: (repository) => look(`platform ${repository}`, () => state.platform),
    logGroupExists: (name) => look(`log group ${name}`, () => state.logGroups.includes(name)),
    subnets: (ids) =>
      look(`subnets ${ids}`, () =>
        ids.map((id, i) => ({ id, vpc: VPC, zoneId: `euw1-az${i + 1}`, free: state.free })),
      ),
    targetGroups: (arns) =>
      look(`target groups ${arns}`, () => {
        if (state.group instanceof Error) throw state.group;
        const balancers = [`${ELB}:loadbalancer/app/acme-prod-internal/1`];
        const group = {
          arn: GROUP,
          name: 'acme-prod-orders',
          type: 'ip',
          vpc: VPC,
          balancers,
          ...state.group,
        };
        return arns.includes(group.arn) ? [group] : [];
      }),
    balancer: (name) =>
      look(`balancer ${name}`, () => ({
        arn: 'balancer',
        name,
        scheme: 'internal',
        vpc: VPC,
        state: 'active',
        ...state.balancer,
      })),
  };
  const alarms: AlarmReader = {
    alarms: (names) => look(`alarms ${names}`, () => state.alarms.filter(({ name }) => names.includes(name))),
  };
  const world: Pick<PreflightWorld, 'surroundings' | 'alarms' | 'scaling' | 'images' | 'credentialsUntil'> = {
    surroundings,
    alarms,
    credentialsUntil: 'renewed',
    scaling: { range: () => look('scaling', () => ({ minimum: 2, maximum: 6 })) },
    images: {
      image: (repository, digest) =>
        look(`image ${repository}@${digest}`, () => ({
          pushedAt: 0,
          children: [{ platform: 'linux/amd64', digest }],
        })),
    },
  };
  return { world, state, asked };
}
