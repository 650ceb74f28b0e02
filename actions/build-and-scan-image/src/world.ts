import type { Runner } from '@tenant-delivery/action-kit/runner';
import { ecrRegistry } from '@tenant-delivery/aws/ecr/registry';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { buildxUnavailable, engineUnavailable } from '@tenant-delivery/oci/buildx/available';
import { type BuildxWorld, buildxBuilder } from '@tenant-delivery/oci/buildx/builder';
import { madeBuilder } from '@tenant-delivery/oci/buildx/made-builder';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryLogin } from '@tenant-delivery/oci/registry/port';
import { gitSource } from './git-source.ts';
import type { World } from './ports.ts';

/** The build's role pushes to the service's repository and signs with the build's key; it can deploy nothing. */
export async function openWorld(runner: Runner, env: NodeJS.ProcessEnv, session: Session): Promise<World> {
  const { temp, workspace } = runner.context;
  const buildxWorld = (login: RegistryLogin): BuildxWorld => ({
    env,
    temp,
    login,
    say: (line) => runner.verbatim([line]),
    signal: runner.cancelled,
  });
  return {
    ...(await openDeliveryWorld(runner, env, session, 'build')),
    variable: (name) => env[name],
    registry: ecrRegistry(session, runner.mask),
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
