import { Failure } from '@tenant-delivery/action-kit/failure';
import { type ProbeDefinition, probeDocument } from '@tenant-delivery/deployment/health/probe-definition';
import type { BalancerRule } from '@tenant-delivery/deployment/health/probe-route';
import type { Task, TaskDefinition } from '@tenant-delivery/deployment/observed';
import type { TaskToRun } from '@tenant-delivery/deployment/ports';
import type { Prober, Probing } from '../../src/verify-world.ts';

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/acme-prod-orders/1';
export const PROBE_TASK = `${ARN}:task/acme-prod/probe`;
export const DENIED = () =>
  Promise.reject(new Failure('AWS_DENIED', 'AWS denied ecs:RunTask', 'Apply templates/iam again.'));

/** What becomes of a probe; what is absent goes well. */
export interface ProbeStory {
  readonly exitCode?: number;
  readonly lines?: () => Promise<readonly string[] | undefined>;
  /** How the task stands at each look; the last stays. */
  readonly statuses?: readonly string[];
  readonly run?: () => Promise<{ readonly refused: string } | 'unknown'>;
  readonly register?: () => Promise<'unknown'>;
  readonly stop?: () => Promise<void>;
  /** What keeps the balancer's rules from being seen. */
  readonly front?: () => Promise<never>;
  readonly rules?: readonly BalancerRule[];
  /** The family's newest revision, before. */
  readonly newest?: TaskDefinition;
}

/** ECS, the balancer and the logs, as a probe meets them, with everything that was asked of them. */
export function aProbe(story: ProbeStory = {}) {
  const registered: ProbeDefinition[] = [];
  const run: TaskToRun[] = [];
  const stopped: string[] = [];
  const statuses = [...(story.statuses ?? ['RUNNING', 'STOPPED'])];
  const task = (lastStatus: string): Task => ({
    arn: PROBE_TASK,
    taskDefinition: `${ARN}:task-definition/acme-prod-orders-probe:1`,
    startedBy: undefined,
    lastStatus,
    zone: undefined,
    address: undefined,
    stopCode: undefined,
    stoppedReason: lastStatus === 'STOPPED' ? 'Essential container in task exited' : undefined,
    startedAt: ['RUNNING', 'STOPPED'].includes(lastStatus) ? 1 : undefined,
    containers: [
      {
        name: 'probe',
        exitCode: lastStatus === 'STOPPED' ? (story.exitCode ?? 0) : undefined,
        reason: undefined,
        imageDigest: undefined,
      },
    ],
  });
  const forward: BalancerRule = {
    priority: 'default',
    conditions: [],
    forwards: [{ group: GROUP, weight: 1 }],
  };
  const hands: Prober = {
    registrar: {
      register: async (definition) => {
        registered.push(definition);
        return story.register ? story.register() : `${ARN}:task-definition/${definition.family}:1`;
      },
    },
    tasks: {
      run: async (wanted) => {
        run.push(wanted);
        return story.run ? story.run() : task('PROVISIONING');
      },
      task: async () => task((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? ''),
      stop: async (arn) => {
        stopped.push(arn);
        await story.stop?.();
      },
    },
  };
  const probing: Probing = {
    region: 'eu-west-1',
    fronts: {
      front: async () => {
        await story.front?.();
        return {
          name: 'acme-prod-internal',
          scheme: 'internal',
          dnsName: 'internal-acme-prod-internal-1.eu-west-1.elb.amazonaws.com',
          listeners: [
            { port: 8080, protocol: 'HTTP', rules: [forward] }, // a second one that the contract does not name
            { port: 80, protocol: 'HTTP', rules: story.rules ?? [forward] },
          ],
        };
      },
    },
    logs: {
      tail: async () =>
        story.lines ? story.lines() : ['{"probe":2,"kind":"good","milliseconds":12,"status":200}'],
    },
    prober: () => hands,
  };
  return { probing, hands, newest: story.newest, registered, run, stopped };
}

/** A task definition as ECS describes it: of the service, with a role, a secret and a log. */
export function taskDefinitionOf(arn: string): TaskDefinition {
  return {
    arn,
    family: 'acme-prod-orders',
    active: true,
    tags: [],
    document: {
      family: 'acme-prod-orders',
      executionRoleArn: 'arn:aws:iam::000011112222:role/td/prod/tasks/acme-prod-orders-execution',
      taskRoleArn: 'arn:aws:iam::000011112222:role/td/prod/tasks/acme-prod-orders-task',
      containerDefinitions: [
        {
          name: 'orders',
          image: 'x',
          secrets: [{ name: 'PASSWORD', valueFrom: 'secret' }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': '/td/acme/prod/orders', 'awslogs-region': 'eu-west-1' },
          },
        },
      ],
    },
  };
}

/** The revision of an earlier probe, as ECS describes it. */
export function probeRevision(definition: ProbeDefinition): TaskDefinition {
  const document = {
    ...probeDocument(definition),
    status: 'ACTIVE',
    revision: 4,
    compatibilities: ['FARGATE'],
  };
  const arn = `${ARN}:task-definition/${definition.family}:4`;
  return { arn, family: definition.family, active: true, tags: [], document };
}
