import type { Fault } from '@tenant-delivery/local-aws';
import { engineOf } from '@tenant-delivery/local-aws/ecs/engine';
import type { ServiceState } from '@tenant-delivery/local-aws/ecs/state';
import { play, type Scenario } from '@tenant-delivery/local-aws/scenarios/index';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { ORDERS } from './acme.ts';
import { otherImage, truthOf, untruths } from './deploy-truth.ts';
import { type Deployed, type VirtualStage, virtualStage } from './virtual-stage.ts';

/** A release and what happens to it. All times are virtual seconds, counted from its UpdateService. */
export interface Release {
  readonly scenario: Scenario;
  /** Further inputs of the action. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** From when on AWS answers all requests of some operations so, for ever. */
  readonly fault?: {
    readonly atSeconds: number;
    readonly kind: Fault['kind'];
    /** `service:operation` */
    readonly operations: readonly string[];
  };
  /** Seconds by which all that happens is later: looks are made every five seconds, and nothing else keeps that time. */
  readonly phase?: number;
}

/** What the simulator did, and what the action said of it, each with its time. */
export interface Witnessed {
  readonly deployed: Deployed;
  /** ECS's statuses of the deployment, when each began. */
  readonly statuses: readonly Timed<string>[];
  /** When tasks of the release ended that nobody had asked to end. */
  readonly deaths: readonly number[];
  /** When it waited for somebody. */
  readonly pausedAt: number | undefined;
  /** Lines of log, summary and outputs, as they came. */
  readonly said: readonly Timed<string>[];
  /** When the log first said that it will not end well; when the run ended where it never did. */
  readonly noticedAt: number;
  readonly endedAt: number;
  /** Ways in which something that was said, at its time or in the end, was not true of the simulator. */
  readonly lies: readonly string[];
  /** Tasks that ran of those that the service was to have, when the run ended. */
  readonly tasks: { readonly running: number; readonly desired: number };
}

export interface Timed<T> {
  readonly at: number;
  readonly what: T;
}

const ON = { account: ORDERS.account, region: ORDERS.region, cluster: 'acme-prod', service: ORDERS.service };
const SETTLING = 120_000; // milliseconds in which the service becomes what a scenario says that it always was
const GREEN = /\b(is|was) deployed\b|(?<!ROLLBACK_)\bSUCCESSFUL\b/;
const DOOM = /^It will not end well: /;

/** Plays one release on a stage of its own: the deploy action over its real adapters, watched from both sides. */
export async function witnessedDeploy(
  release: Release,
  setting?: Parameters<typeof virtualStage>[0],
): Promise<Witnessed> {
  const stage = await virtualStage(setting);
  try {
    return await witnessedOn(stage, release);
  } finally {
    await stage.close();
  }
}

/**
 * As above, on a stage that others use too: one that goes back, and what the scenario does not say of the service is as
 * the one before has left it.
 */
export async function witnessedOn(stage: VirtualStage, release: Release): Promise<Witnessed> {
  const { aws, clock } = stage;
  const change = await stage.approved(otherImage(stage));
  play(aws.world, ON, later(release.scenario, release.phase ?? 0));
  if (release.scenario.given?.size) await clock.advance(SETTLING);
  const before = truthOf(stage);
  const earlier = before.service.history.length;
  const ours = ({ history }: ServiceState) => history.at(-1 - earlier);
  let beganAt = clock.now();
  const seconds = () => (clock.now() - beganAt) / 1000;

  const statuses: Timed<string>[] = [];
  const deaths = new Map<string, number>();
  let pausedAt: number | undefined;
  const key = { account: ON.account, region: ON.region, name: `${ON.cluster}/${ON.service}` };
  const unwatch = engineOf(aws.world).watch(key, (service) => {
    const deployment = ours(service);
    if (!deployment) return;
    if (statuses.length === 0) {
      beganAt = deployment.createdAt;
      if (release.fault) breakLater(stage, release.fault);
    }
    if (statuses.at(-1)?.what !== deployment.status)
      statuses.push({ at: seconds(), what: deployment.status });
    if (deployment.hooks.some(({ status }) => status === 'AWAITING_ACTION')) pausedAt ??= seconds();
    for (const { id, revision, lastStatus, stopCode, checkFailed } of service.tasks) {
      const asked = stopCode === 'ServiceSchedulerInitiated' && !checkFailed;
      if (revision !== deployment.revision || lastStatus !== 'STOPPED' || asked || deaths.has(id)) continue;
      deaths.set(id, seconds());
    }
  });

  const said: Timed<string>[] = [];
  const lies: string[] = [];
  const runner = heard(fakeRunner(), (what) => {
    said.push({ at: seconds(), what });
    const status = ours(truthOf(stage).service)?.status;
    if (GREEN.test(what) && status !== 'SUCCESSFUL')
      lies.push(`at ${seconds()} s it said "${what}", and ECS said ${status}`);
  });
  const deployed = await stage.deploy(change, { runner, inputs: release.inputs ?? {} });
  unwatch();
  const endedAt = seconds();
  aws.mend();
  lies.push(...(await untruths(stage, change, before, deployed)));
  const { service } = truthOf(stage);
  await stage.settle(change, 'abandoned');
  return {
    deployed,
    statuses,
    deaths: [...deaths.values()],
    pausedAt,
    said,
    noticedAt: said.find(({ what }) => DOOM.test(what))?.at ?? endedAt,
    endedAt,
    lies,
    tasks: {
      running: service.tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      desired: service.settings.desiredCount,
    },
  };
}

function later(scenario: Scenario, seconds: number): Scenario {
  const [first, ...rest] = scenario.tasks.map((task) => ({
    ...task,
    startSeconds: (task.startSeconds ?? 0) + seconds,
  }));
  const around = scenario.around?.map((event) => ({ ...event, atSeconds: event.atSeconds + seconds }));
  return first ? { ...scenario, tasks: [first, ...rest], ...(around && { around }) } : scenario;
}

function breakLater({ aws, clock }: VirtualStage, fault: NonNullable<Release['fault']>): void {
  clock.after(fault.atSeconds * 1000, () => {
    for (const name of fault.operations) {
      const [service = '', operation = ''] = name.split(':');
      aws.fail({ service, operation, nth: 1, times: Number.MAX_SAFE_INTEGER, kind: fault.kind });
    }
  });
}

/** The same runner; `hear` is told of everything that a reader of the run could see. */
function heard(runner: FakeRunner, hear: (what: string) => void): FakeRunner {
  const told =
    <T>(tell: (text: T) => void, before = '') =>
    (text: T) => {
      tell(text);
      for (const line of [text].flat()) hear(`${before}${line}`);
    };
  return {
    ...runner,
    info: told(runner.info),
    warning: told(runner.warning, 'warning: '),
    verbatim: told(runner.verbatim),
    summary: told(runner.summary),
    output: (name, value) => {
      runner.output(name, value);
      hear(`${name}=${value}`);
    },
    group: (title, work) => {
      hear(title);
      return runner.group(title, work);
    },
  };
}
