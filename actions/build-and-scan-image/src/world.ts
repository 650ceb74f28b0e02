import { clockFrom } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { saw } from '@tenant-delivery/action-kit/saw';
import { ecrRegistry } from '@tenant-delivery/aws/ecr/registry';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { buildxUnavailable, engineUnavailable, loadUnavailable } from '@tenant-delivery/oci/buildx/available';
import { type BuildxWorld, buildxBuilder } from '@tenant-delivery/oci/buildx/builder';
import { loadImage } from '@tenant-delivery/oci/buildx/load';
import { loginsOfJob } from '@tenant-delivery/oci/buildx/logins';
import { madeBuilder } from '@tenant-delivery/oci/buildx/made-builder';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryLogin } from '@tenant-delivery/oci/registry/port';
import type { AloneWorld, OwnAws } from './alone/alone-world.ts';
import { gitSource } from './git-source.ts';
import type { AloneInputs } from './inputs.ts';
import type { World } from './ports.ts';

/** The build's role pushes to the service's repository and signs with the build's key; it can deploy nothing. */
export async function openWorld(runner: Runner, env: NodeJS.ProcessEnv, session: Session): Promise<World> {
  const { temp, workspace } = runner.context;
  const buildxWorld = (login: RegistryLogin): BuildxWorld => ({ ...dockerOf(runner, env), login });
  return {
    ...(await openDeliveryWorld(runner, env, session, 'build')),
    variable: (name) => env[name],
    registry: ecrRegistry(session, runner.mask, (chunks) => saw(runner, 'ecr-takes-chunks', { chunks })),
    inspections: ecrInspections(session, 'build'),
    source: gitSource(workspace, env['PATH']),
    builders: {
      buildxUnavailable: () => buildxUnavailable(env, temp),
      engineUnavailable: () => engineUnavailable(env, temp),
      buildx: (login) => buildxBuilder(buildxWorld(login)),
      made: (login, image) => madeBuilder(buildxWorld(login), image),
      own: ownBuilder,
    },
  };
}

/**
 * With the credentials that the job has. A job that pushes nothing may have none, as the run of a fork's pull request: then
 * AWS is not asked. One that has some can read base images with them.
 */
export async function openAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: Pick<AloneInputs, 'account' | 'region' | 'push'>,
): Promise<AloneWorld> {
  const { temp, workspace } = runner.context;
  const docker = dockerOf(runner, env);
  const logins = loginsOfJob(env);
  const asksAws = given.push || (env['AWS_ACCESS_KEY_ID'] && (given.region ?? env['AWS_REGION']));
  const aws = asksAws ? await ownAws(runner, env, given) : undefined;
  return {
    runner,
    clock: clockFrom(env),
    variable: (name) => env[name],
    source: gitSource(workspace, env['PATH']),
    builders: {
      buildxUnavailable: () => buildxUnavailable(env, temp),
      loadUnavailable: () => loadUnavailable(env, temp),
      buildx: (login) => buildxBuilder({ ...docker, login, logins }),
      own: ownBuilder,
      load: (layout, root, names) => loadImage(docker, layout, root, names),
    },
    aws,
  };
}

async function ownAws(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: Pick<AloneInputs, 'account' | 'region'>,
): Promise<OwnAws> {
  const [{ ambientSession }, { ecrOwnRegistry }] = await Promise.all([
    import('@tenant-delivery/aws/session/ambient-session'), // which a delivery never loads
    import('@tenant-delivery/aws/ecr/own-registry'),
  ]);
  const session = await ambientSession(runner, env, given);
  const { identity, region, local } = session;
  return {
    identity,
    region,
    local,
    registry: ecrOwnRegistry(session, runner.mask),
    inspections: ecrInspections({ ...session, target: identity }, 'build'),
  };
}

function dockerOf(runner: Runner, env: NodeJS.ProcessEnv): Omit<BuildxWorld, 'login'> {
  return {
    env,
    temp: runner.context.temp,
    say: (line) => runner.verbatim([line]),
    signal: runner.cancelled,
  };
}
