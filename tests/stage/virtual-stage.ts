import type { Outcome } from '@tenant-delivery/action-kit/main';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { ecsDeployer } from '@tenant-delivery/aws/ecs/deployer';
import { ecsRevisions } from '@tenant-delivery/aws/ecs/revisions';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { ecsTaskRunner } from '@tenant-delivery/aws/ecs/task-runner';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { logsTail } from '@tenant-delivery/aws/logs/tail';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { Session } from '@tenant-delivery/aws/session/session';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { releaseDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { type InMemoryDelivery, inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { run as deployOrPlan } from '@tenant-delivery/deploy-ecs-service/run';
import { givenContracted } from '@tenant-delivery/deploy-ecs-service/test/given';
import { type Image, parseImage } from '@tenant-delivery/domain';
import { type LocalAws, type RecordedCall, startLocalAws } from '@tenant-delivery/local-aws';
import { raiseFargateQuota } from '@tenant-delivery/local-aws/ecs/room';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { issueKey } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { contractOf, ORDERS } from './acme.ts';
import { gatedDocuments } from './gated-documents.ts';

/** What one deploy did. */
export interface Deployed {
  /** What it threw, when it threw. */
  readonly outcome: Outcome | Error;
  readonly runner: FakeRunner;
  readonly calls: readonly RecordedCall[];
  /** Virtual milliseconds. */
  readonly took: number;
}

/** Virtual milliseconds until the next run begins: by then ECS shows what the one before did. */
const BETWEEN_JOBS = 10_000;

/**
 * acme's orders in a world whose time passes only while somebody waits: the deploy action and its real adapters over
 * real HTTP, hours of rollout in the time of its requests. The record is in memory, with real signatures.
 */
export interface VirtualStage {
  readonly aws: LocalAws;
  readonly clock: ManualClock;
  readonly delivery: InMemoryDelivery;
  readonly sessions: { readonly gate: Session; readonly deploy: Session };
  /** An image of the registry by the tag of the base image that it is. */
  image(tag: string): Image;
  /** A change whose plan was approved. */
  approved(image: Image): Promise<string>;
  plan(change: string): Promise<Deployed>;
  deploy(change: string, options?: DeployOptions): Promise<Deployed>;
  /** What close-change does at the end of a job. */
  settle(change: string, to: 'closed' | 'abandoned', attempt?: number): Promise<void>;
  close(): Promise<void>;
}

export interface DeployOptions {
  /** Further inputs of the action. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly attempt?: number;
  /** Virtual milliseconds after the start at which the run is cancelled. */
  readonly cancelAfter?: number;
  readonly runner?: FakeRunner;
  /** Told of every call to a port, before it is made and after it was answered. */
  readonly onCall?: (name: string, when: 'before' | 'after') => void;
}

/** What AWS has raised the account's quota to: the largest story rolls fifty tasks. */
const VCPUS = 100;

const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  via: 'environment-review',
} as const;

export async function virtualStage(given: { readonly seed?: string } = {}): Promise<VirtualStage> {
  const clock = manualClock();
  const aws = await startLocalAws({ clock, runtime: 'simulated', ...given });
  const contract = await contractOf('acme');
  await aws.seedTenant(contract, tenantSeed(contract));
  raiseFargateQuota(aws.world, ORDERS.account, ORDERS.region, VCPUS);
  process.env['AWS_ENDPOINT_URL'] = aws.url; // the SDK reads it by itself
  const time = {
    now: () => clock.now(),
    sleep: (milliseconds: number, signal?: AbortSignal) => clock.advance(milliseconds, signal),
  };
  const sessionOf = (role: string): Session => {
    const arn = `arn:aws:sts::${ORDERS.account}:assumed-role/td-prod-${role}/test`;
    const key = issueKey(aws.world, { account: ORDERS.account, arn });
    const credentials = { ...key, sessionToken: key.sessionToken ?? '', expiration: new Date(8.64e15) };
    const base = { region: ORDERS.region, local: true, scale: Number.MAX_SAFE_INTEGER, userAgent: 'test' };
    const configOf: Session['clientConfig'] = (_, attempts) =>
      clientConfig(base, async () => credentials, attempts);
    return {
      region: ORDERS.region,
      local: true,
      target: ORDERS,
      clock: time,
      clientConfig: configOf,
      credentialsFor: () => async () => credentials,
    } as Partial<Session> as Session; // no claims: nothing that deploys reads them here
  };
  const sessions = { gate: sessionOf('gate'), deploy: sessionOf('deploy') };
  const delivery = await inMemoryDelivery({ clock: time });
  const portsOf = (role: 'gate' | 'deploy') => {
    const session = sessions[role];
    return {
      region: ORDERS.region,
      local: true,
      services: ecsServices(session, role),
      targets: elbv2Targets(session, role),
      scaling: autoscalingRange(session, role),
      logs: logsTail(session, role),
      images: ecrInspections(session, role),
      surroundings: preflightReader(session, role),
      alarms: cloudwatchAlarms(session, role),
      credentialsUntil: 'renewed' as const,
      workspace: workspaceAt('/nowhere'),
      revisions: ecsRevisions(session, role),
      tasks: (clearance: Parameters<typeof ecsTaskRunner>[1]) =>
        ecsTaskRunner(session, clearance, clock.now()),
      deployer: (clearance: Parameters<typeof ecsDeployer>[1]) =>
        ecsDeployer(session, clearance, clock.now()),
    };
  };
  const ports = { gate: portsOf('gate'), deploy: portsOf('deploy') };
  const runs = new Map<string, string>();
  /** Each change has a run of its own: of two changes the one whose run was started later is the newer one. */
  const runOf = (change: string): { readonly runId: string } => ({ runId: runs.get(change) ?? '9001' });
  const play = async (
    role: 'gate' | 'deploy',
    inputs: Readonly<Record<string, string>>,
    { attempt = 1, cancelAfter, runner = fakeRunner(), onCall }: DeployOptions = {},
  ): Promise<Deployed> => {
    const [from, at] = [aws.calls.length, clock.now()];
    const forget = cancelAfter === undefined ? () => {} : clock.after(cancelAfter, () => runner.cancel());
    const claims = { ...runOf(inputs['change'] ?? ''), runAttempt: attempt };
    const job = delivery.as(role, { runner, claims });
    const plain = { ...job, ...ports[role] };
    const world = onCall ? watched(plain, onCall) : plain;
    const given = await givenContracted({ ...ORDERS, ...inputs });
    const outcome = await deployOrPlan(given, world).catch((thrown: unknown) =>
      thrown instanceof Error ? thrown : new Error(String(thrown)),
    );
    forget();
    return { outcome, runner, calls: aws.calls.slice(from), took: clock.now() - at };
  };
  const plan = (change: string) => play('gate', { change, mode: 'plan' });
  await clock.advance(60_000); // the service has come up
  return {
    aws,
    clock,
    delivery,
    sessions,
    image: (tag) => imageIn(aws, tag),
    approved: async (image) => {
      await clock.advance(BETWEEN_JOBS);
      const claims = { runId: String(9001 + runs.size) };
      const id = await gated(aws, delivery, clock.now(), image, claims);
      runs.set(id, claims.runId);
      await plan(id);
      const change = await resumeChange(delivery.as('approve', { claims }), await delivery.admission(), id);
      const digest = change.evidence('plan');
      await change.append('approved', { actor: LEAD_BEN, ...(digest && { plan: digest }) });
      return id;
    },
    plan,
    deploy: (change, options) => play('deploy', { change, mode: 'deploy', ...options?.inputs }, options),
    settle: async (id, to, attempt = 1) => {
      const world = delivery.as('deploy', { claims: { ...runOf(id), runAttempt: attempt } });
      const admission = await delivery.admission();
      const change = await resumeChange(world, admission, id);
      if (change.state === 'deploying') await change.append(to);
      await releaseDeployLock(world, admission, change);
    },
    close: () => aws.close(),
  };
}

/** The same ports; `onCall` hears of each call to one that asks the world something. */
function watched<World extends object>(world: World, onCall: NonNullable<DeployOptions['onCall']>): World {
  const watchedPort = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== 'function') return value;
        return (...of: unknown[]) => {
          const call = `${name}.${String(member)}`;
          onCall(call, 'before');
          const answer: unknown = Reflect.apply(value, target, of);
          if (!(answer instanceof Promise)) return answer;
          return answer.finally(() => onCall(call, 'after'));
        };
      },
    });
  const ports = [
    'vault',
    'services',
    'targets',
    'scaling',
    'logs',
    'images',
    'surroundings',
    'alarms',
    'revisions',
  ];
  return Object.fromEntries(
    Object.entries(world).map(([name, port]) => {
      if (ports.includes(name)) return [name, watchedPort(name, Object(port))];
      // the deployer is made when it is asked for
      if (name === 'deployer' || name === 'tasks')
        return [name, (clearance: unknown) => watchedPort(name, port(clearance))];
      return [name, port];
    }),
  ) as World; // the same names
}

/** One of the base images, as if the service had been built into it. */
function imageIn(aws: LocalAws, tag: string): Image {
  const { repositories } = ecrState(aws.world, ORDERS.account, ORDERS.region);
  const [base, orders] = [repositories['base/node'], repositories['acme/orders']];
  const digest = base?.tags[tag];
  if (!base || !orders || !digest) throw new Error(`the stage has no base/node:${tag}`);
  copyImage(aws.world, base, orders, digest);
  const image = parseImage(`${aws.registry}/acme/orders@${digest}`);
  if (!image) throw new Error('an image goes by its digest');
  return image;
}

/** A change whose image was built and judged, as far as the record tells. */
async function gated(
  aws: LocalAws,
  delivery: InMemoryDelivery,
  time: number,
  image: Image,
  claims: { readonly runId: string },
): Promise<string> {
  const { repositories } = ecrState(aws.world, ORDERS.account, ORDERS.region);
  if (!repositories['acme/orders']?.manifests[image.digest])
    throw new Error(`the registry has no ${image.digest}`);
  const children = [{ platform: 'linux/amd64', digest: image.digest }];
  return delivery.bring('gated', {
    image,
    claims,
    documents: gatedDocuments(image, children, 'application/vnd.oci.image.manifest.v1+json', time),
  });
}
