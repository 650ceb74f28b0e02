import type { House } from './answer.ts';
import { asksOf } from './authorization/asks/index.ts';
import { type Decided, decisionsIn } from './authorization/decisions.ts';
import { readReference } from './authorization/reference.ts';
import { resumeStacks } from './cloudformation/places.ts';
import { drawKeyDelays } from './iam/users.ts';
import { mounts } from './mounts.ts';
import { prepareRuntime } from './runtimes/of-world.ts';
import { holdReplication } from './s3/replication.ts';
import { type OperatorKey, seedTenant, type TenantSeed } from './seed/tenant.ts';
import { listen } from './server.ts';
import { runBackupPlans } from './services/backup.ts';
import { type AlarmValue, type ScriptedRequest, scriptRequests, setAlarm } from './services/cloudwatch.ts';
import { resumeEcs } from './services/ecs.ts';
import { services } from './services/index.ts';
import { trustIssuer } from './sts/issuer.ts';
import { behaviourOf } from './world/behaviour.ts';
import { callLog, type RecordedCall } from './world/calls.ts';
import { type VirtualClock, virtualClock } from './world/clock.ts';
import { type Fault, faultList } from './world/faults.ts';
import { issueKey } from './world/keys.ts';
import { type LocalWorld, localWorld } from './world/local-world.ts';
import { keepWitness, type WitnessCounts } from './world/witness.ts';
import type { World } from './world/world.ts';

export type { Decided } from './authorization/decisions.ts';
export type { GivenIdentity } from './seed/identity.ts';
export { type OperatorKey, operatorArn, type TenantSeed } from './seed/tenant.ts';
export type { AlarmValue, ScriptedRequest } from './services/cloudwatch.ts';
export { type CallRate, callRates } from './world/call-rates.ts';
export type { RecordedCall } from './world/calls.ts';
export type { VirtualClock } from './world/clock.ts';
export type { Fault, FaultKind } from './world/faults.ts';
export type { Call, Handler, Principal, Service } from './world/service.ts';
export type { WitnessCounts } from './world/witness.ts';
export type { World } from './world/world.ts';

export interface LocalAwsOptions {
  /** Absent: the one of the last start with this directory, where it is free, else any free one. */
  readonly port?: number;
  /** How many times as fast as real time the world's clock runs. */
  readonly scale?: number;
  /** The world's time, such as one that passes only when it is told to; in place of `scale`. */
  readonly clock?: VirtualClock;
  /** Where the state is kept; a later start with the same directory finds it again. In memory when absent. */
  readonly directory?: string;
  /** What runs tasks; `process` when absent. `docker` needs an engine: that of DOCKER_HOST, or the machine's own. */
  readonly runtime?: World['runtime'];
  /** URL of the OIDC issuer that plays GitHub's; tokens of others are not trusted. */
  readonly issuer?: string;
  /**
   * Throttles at AWS's published rates and lets changes be seen late where AWS says so, each delay drawn from this seed.
   * LOCAL_AWS_SEED of the environment when absent; without either, or with an empty one, nothing is throttled or late.
   */
  readonly seed?: string;
  /** Whether replies are checked against their schemas; true when absent. */
  readonly checkReplies?: boolean;
}

/** A running local AWS: give `url` to a client as its endpoint. */
export interface LocalAws {
  readonly url: string;
  /** `host:port` of the image registry. */
  readonly registry: string;
  readonly clock: VirtualClock;
  readonly world: World;
  readonly calls: readonly RecordedCall[];
  /** All that IAM was asked so far: by callers, and by services in their name. */
  readonly decisions: readonly Decided[];
  /** What it denied. */
  denied(): readonly Decided[];
  fail(fault: Fault): void;
  /** Takes back every fault that was set. */
  mend(): void;
  /** How many replies were older than the truth so far, and how many requests were held back. */
  readonly witness: WitnessCounts;
  /** From now on requests beyond what AWS publishes for an account and region are throttled. */
  enforceThrottling(): void;
  /** Puts a CloudWatch alarm into a state, now or after virtual seconds; one that does not exist is made. */
  setAlarm(account: string, region: string, name: string, state: AlarmValue, afterSeconds?: number): void;
  /** Backs up by every plan of a region and copies what that brings, as AWS Backup does when their schedules are due. */
  runBackupPlans(account: string, region: string): void;
  /** Keeps S3 from copying what is written to a bucket from now on, or lets it copy again. */
  holdReplication(bucket: string, held: boolean): void;
  /** Adds requests to what was measured of a target group (name or ARN), as if its balancer had served them. */
  scriptRequests(
    account: string,
    region: string,
    targetGroup: string,
    requests: readonly ScriptedRequest[],
  ): void;
  /** Makes an account, if it is new, and a key of a user in it who may do what no policy forbids. */
  addAccount(account: string, user?: string): OperatorKey;
  /** Makes a tenant's account with everything that its contract (parsed YAML or JSON) names. */
  seedTenant(contract: unknown, seed: TenantSeed): Promise<OperatorKey>;
  /** Says later what `issuer` says at the start, for an issuer that needs this world's clock first. */
  trustIssuer(url: string): void;
  close(): Promise<void>;
}

export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  let url = '';
  const clock = options.clock ?? virtualClock(options.scale);
  const { runtime = 'process' } = options;
  await Promise.all([prepareRuntime(runtime), readReference()]);
  const world = localWorld({
    clock,
    url: () => url,
    runtime,
    directory: options.directory,
  });
  if (options.issuer !== undefined) trustIssuer(world, options.issuer);
  const log = callLog();
  const faults = faultList();
  const seed = (options.seed ?? process.env['LOCAL_AWS_SEED']) || undefined; // an empty one is none
  const behaviour = behaviourOf(world, seed);
  if (seed !== undefined) drawKeyDelays(world, seed);
  const house: House = {
    services,
    world,
    log,
    faults,
    behaviour,
    asksOf,
    checkReplies: options.checkReplies ?? true,
  };
  const mounted = Object.fromEntries(
    Object.entries(mounts).map(([path, mount]) => [path, mount(world, behaviour)]),
  );
  const listener = world.state('listener', '', '', () => ({ port: 0 }));
  const server = await listen(house, mounted, [options.port ?? listener.port, options.port ?? 0]);
  listener.port = server.port;
  const host = `127.0.0.1:${server.port}`;
  url = `http://${host}`;
  resumeEcs(world);
  await resumeStacks(world);
  return {
    ...handsOn(world, house),
    url,
    registry: host,
    clock,
    close: async () => {
      keepWitness(behaviour.witness.counts);
      await server.close();
      await world.close();
    },
  };
}

/** What a test or a demo does with a running world, and sees of it. */
function handsOn(
  world: LocalWorld,
  { log, faults, behaviour }: House,
): Omit<LocalAws, 'url' | 'registry' | 'clock' | 'close'> {
  return {
    world,
    calls: log.calls,
    decisions: decisionsIn(world),
    witness: behaviour.witness.counts,
    denied: () => decisionsIn(world).filter(({ allowed }) => !allowed),
    fail: (fault) => faults.set(fault),
    mend: () => faults.clear(),
    enforceThrottling: () => behaviour.throttling.enforce(),
    setAlarm: (account, region, name, state, afterSeconds) =>
      setAlarm(world, account, region, name, state, afterSeconds),
    runBackupPlans: (account, region) => runBackupPlans({ world, account, region }),
    holdReplication: (bucket, held) => holdReplication(world, bucket, held),
    scriptRequests: (account, region, targetGroup, requests) =>
      scriptRequests(world, account, region, targetGroup, requests),
    addAccount: (account, user = 'operator') => {
      world.addAccount(account);
      const { accessKeyId, secretAccessKey } = issueKey(world, {
        account,
        arn: `arn:aws:iam::${account}:user/${user}`,
      });
      return { accessKeyId, secretAccessKey };
    },
    seedTenant: (contract, seed) => seedTenant(world, contract, seed),
    trustIssuer: (issuer) => trustIssuer(world, issuer),
  };
}
