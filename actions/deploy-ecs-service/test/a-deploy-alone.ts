import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest } from '@tenant-delivery/domain';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { runAlone } from '../src/run-alone.ts';
import { CHILD } from './a-deploy.ts';
import { anEcs, type Moment } from './an-ecs.ts';
import { givenAlone } from './given.ts';
import { surroundingsOf } from './preflight/surroundings.ts';

const ACCOUNT = '000011112222';

const HEALTHY = (seconds: number): Moment =>
  seconds < 40
    ? { status: 'IN_PROGRESS', running: seconds < 20 ? 0 : 2 }
    : { status: 'SUCCESSFUL', running: 2, healthy: 2 };

export interface AloneStory {
  readonly script?: (seconds: number) => Moment;
  /** By ARN. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly caller?: string;
  readonly scaled?: boolean;
  readonly credentialsUntil?: number | 'renewed' | 'untold';
  readonly files?: Readonly<Record<string, string>>;
  /** What `repository:tag` points to, one answer for each time it is asked; the last stays. Others are absent. */
  readonly tagged?: Readonly<Record<string, readonly (Digest | 'no repository' | Failure)[]>>;
}

/** The same ECS as `aDeploy`, and the action over it without a contract. */
export function aDeployAlone(story: AloneStory = {}) {
  const clock = fakeClock();
  const ecs = anEcs(clock, story.script ?? HEALTHY);
  const around = surroundingsOf();
  const log: Record<string, readonly string[]> = {};
  /** Tags that were asked for, in their order. */
  const asked: string[] = [];
  const answers = new Map(Object.entries(story.tagged ?? {}).map(([tag, all]) => [tag, [...all]]));
  const act = async (
    mode: 'plan' | 'deploy',
    inputs: Readonly<Record<string, string>> = {},
    options: { readonly runner?: FakeRunner; readonly attempt?: number } = {},
  ) => {
    const runner = options.runner ?? fakeRunner({ context: { runAttempt: options.attempt ?? 1 } });
    const given = await givenAlone({ mode, cluster: 'acme-prod', service: 'orders', ...inputs });
    const outcome = await runAlone(given, {
      ...around.world,
      runner,
      clock,
      region: 'eu-west-1',
      local: true, // its images are at a loopback address
      identity: {
        account: ACCOUNT,
        arn: story.caller ?? `arn:aws:sts::${ACCOUNT}:assumed-role/ci/run`,
        partition: 'aws',
      },
      credentialsUntil: story.credentialsUntil ?? 'renewed',
      tags: async (arn) => story.tags?.[arn] ?? {},
      repositories: {
        digestOf: async (name, tag) => {
          asked.push(`${name}:${tag}`);
          const left = answers.get(`${name}:${tag}`) ?? [];
          const answer = (left.length > 1 ? left.shift() : left[0]) ?? 'absent';
          if (answer instanceof Failure) throw answer;
          return answer;
        },
      },
      services: ecs.services,
      targets: ecs.targets,
      scaling: { range: async () => (story.scaled ? { minimum: 1, maximum: 4 } : undefined) },
      logs: {
        tail: async () => log['any'],
        after: async (_, __, token) => ({ lines: token ? [] : (log['after'] ?? []), token: 'end' }),
      },
      images: {
        image: async () => ({ pushedAt: 0, children: [{ platform: 'linux/amd64', digest: CHILD }] }),
      },
      workspace: {
        read: async (path) => {
          const text = story.files?.[path];
          return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
        },
      },
      revisions: { active: async () => [...ecs.definitions.keys()], running: async () => [] },
      deployer: () => ecs.deployer,
      tasks: () => ecs.tasks,
    });
    return { outcome, runner };
  };
  return { clock, ecs, around, act, log, asked };
}
