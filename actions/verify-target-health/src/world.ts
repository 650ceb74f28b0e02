import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AmbientSession } from '@tenant-delivery/aws/session/ambient-session';
import type { Session } from '@tenant-delivery/aws/session/session';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { AgreedInputs, AloneInputs, VerifyRequest } from './inputs.ts';
import type { Verification } from './run.ts';
import type { AloneWorld, Probing, VerifyWorld } from './verify-world.ts';

/** Opens what a request needs, by the session of the contract's role or by the credentials of the job. */
export async function openVerification(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  request: VerifyRequest,
): Promise<Verification> {
  return request.kind === 'agreed'
    ? { ...request, world: await openAgreed(runner, env, request.given) }
    : { ...request, world: await openAlone(runner, env, request.given) };
}

/** The deploy's role signs what was verified; no client that could change a service is made, and one that starts a task for a probe alone. */
async function openAgreed(runner: Runner, env: NodeJS.ProcessEnv, given: AgreedInputs): Promise<VerifyWorld> {
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, env, targetOf(given), ['deploy', 'evidence']);
  // The clients load while STS answers.
  const [{ openDeliveryWorld }, clients, { zoneNames }] = await Promise.all([
    import('@tenant-delivery/aws/session/delivery-world'),
    import('@tenant-delivery/aws/ecs/verifying'),
    import('@tenant-delivery/aws/ec2/zone-names'),
  ]);
  const session = await opened;
  return {
    ...(await openDeliveryWorld(runner, env, session, 'deploy')),
    ...clients.verifying(session, 'deploy'),
    zones: zoneNames(session, 'deploy'),
    probing: () => openProbing(session, given.region),
  };
}

/** The clients of a probe: the only ones here that start anything. */
export async function openProbing(
  session: Pick<Session | AmbientSession, 'clientConfig' | 'clock'>,
  region: string,
): Promise<Probing> {
  const [{ elbv2Fronts }, { logsTail }, { ecsProbeRegistrar }, { ecsTaskRunner }] = await Promise.all([
    import('@tenant-delivery/aws/elb/fronts'),
    import('@tenant-delivery/aws/logs/tail'),
    import('@tenant-delivery/aws/ecs/probe-registrar'),
    import('@tenant-delivery/aws/ecs/task-runner'),
  ]);
  return {
    region,
    fronts: elbv2Fronts(session, 'deploy'),
    logs: logsTail(session, 'deploy'),
    prober: (clearance) => ({
      registrar: ecsProbeRegistrar(session, clearance, session.clock.now()),
      tasks: ecsTaskRunner(session, clearance, session.clock.now()),
    }),
  };
}

async function openAlone(runner: Runner, env: NodeJS.ProcessEnv, given: AloneInputs): Promise<AloneWorld> {
  const [{ ambientSession }, { verifying }, { ecsTags }] = await Promise.all([
    import('@tenant-delivery/aws/session/ambient-session'),
    import('@tenant-delivery/aws/ecs/verifying'),
    import('@tenant-delivery/aws/ecs/tags'),
  ]);
  const session = await ambientSession(runner, env, given);
  const { clock, identity, region } = session;
  return {
    runner,
    clock,
    identity,
    ...verifying(session, 'deploy'),
    tags: ecsTags(session, 'deploy'),
    probing: () => openProbing(session, region),
  };
}
