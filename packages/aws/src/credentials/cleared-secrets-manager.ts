import type { SecretsManagerWorld } from '@tenant-delivery/credentials/secrets-manager/observe';
import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import { clear } from '@tenant-delivery/tenancy/clearance';
import type { CredentialAdmission } from '@tenant-delivery/tenancy/credential-admission';
import {
  type CredentialClearance,
  requireCredentialClearance,
} from '@tenant-delivery/tenancy/credential-clearance';
import { admittedService } from '@tenant-delivery/tenancy/credential-service';
import { failures } from '@tenant-delivery/tenancy/failures';
import { ecsCluster } from '../ecs/cluster.ts';
import { ecsDeployer } from '../ecs/deployer.ts';
import { type ServiceLocks, secretsManagerServices } from '../ecs/secrets-manager-services.ts';
import { ecsServices } from '../ecs/services.ts';
import { elbv2Targets } from '../elb/targets.ts';
import { awsCaller } from '../iam/key-proof.ts';
import { secretMetadata } from '../secrets/secret-metadata.ts';
import { secretStore } from '../secrets/secret-store.ts';
import { callerIdentity } from '../session/caller-identity.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import type { Session } from '../session/session.ts';

export type SecretsManagerClearance =
  | CredentialClearance<'secrets-manager'>
  | CredentialClearance<'repository-credentials'>;

type Acting = Pick<Session, 'clientConfig' | 'clock' | 'region' | 'target'>;

/** The secret's ARN with its random suffix; `undefined` if there is no such secret. Changes nothing. */
export async function secretArnOf(session: Acting, name: string): Promise<string | undefined> {
  return (await secretMetadata(session.clientConfig('rotate-secret'))(name))?.arn;
}

/**
 * The adapters that the rotation of a cleared secret needs. The rotation role changes the secret and reads the cluster.
 * The redeploy role changes services, each with a clearance of its own, as a delivery does.
 */
export async function clearedSecretsManager(
  session: Acting,
  clearance: SecretsManagerClearance,
  admission: CredentialAdmission,
  locks: ServiceLocks,
): Promise<{ readonly world: SecretsManagerWorld; readonly time: ServerTime }> {
  requireCredentialClearance(clearance, session.clock.now());
  const name = clearance.credential.secret;
  const arn = await secretArnOf(session, name);
  const configOf = (attempts?: number) => session.clientConfig('rotate-secret', attempts);
  const { config, once, time } = hearingConfigs(configOf, session.clock);
  const consumers = secretsManagerServices({
    secret: arn ?? name,
    cluster: ecsCluster(config, admission.environment.cluster),
    clock: session.clock,
    targets: elbv2Targets(session, 'rotate-secret'),
    locks,
    agreed: Object.keys(admission.environment.services),
    deployerOf: (service) => clearedDeployer(session, admission, service),
  });
  return {
    world: {
      caller: awsCaller(config),
      secret: secretStore(config, once, name, () => time.now()),
      consumers,
    },
    time,
  };
}

/** A delivery's deployer, under the redeploy role, for a service that was read just before. */
async function clearedDeployer(
  session: Acting,
  credential: CredentialAdmission,
  service: string,
): Promise<ServiceDeployer> {
  const admission = admittedService(credential, service);
  if (!admission) throw failures.clearanceRefused([`the contract has no service ${service}`]);
  const { names } = admission;
  const services = ecsServices(session, 'redeploy');
  const [identity, cluster, found] = await Promise.all([
    callerIdentity(session, 'redeploy'),
    services.cluster(names.cluster),
    services.service(names.cluster, service),
  ]);
  if (!cluster || !found)
    throw failures.clearanceRefused([`${cluster ? names.serviceArn : names.clusterArn} is not there`]);
  const seen = { identity, region: session.region, cluster, service: found };
  const now = session.clock.now();
  return ecsDeployer(session, clear('service', admission, seen, now, 'redeploy'), now, 'redeploy');
}
