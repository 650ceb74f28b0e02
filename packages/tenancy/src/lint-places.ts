import { PARTS } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { vaultBucket } from './derived-names.ts';

/**
 * Roles name what an environment has by its place: families by how they begin, repositories, log groups and roles of tasks
 * by what they lie below, services by their cluster. So everything has to lie in its place, and no place in another.
 */
export function lintPlaces(contract: TenantContract): readonly string[] {
  const { id, account, environments } = contract;
  const all = Object.entries(environments);
  return all.flatMap(([name, environment]) => {
    const bucket = vaultBucket({ tenant: id, environment: name, account, region: environment.region });
    const within = all.filter(([other]) => other.startsWith(`${name}-`)).map(([other]) => other);
    const clusters = all.filter(
      ([other, { cluster, region }]) =>
        other < name && cluster === environment.cluster && region === environment.region,
    );
    return [
      ...within.map(
        (other) =>
          `environments.${name}: ${other} begins with ${name}-, and so do roles, families and sessions of both; name one of them otherwise`,
      ),
      ...clusters.map(
        ([other]) =>
          `environments.${name}.cluster: ${environment.cluster} is the cluster of ${other} too; roles know services by their cluster, so each environment needs its own`,
      ),
      ...(bucket.length > 63 // "General purpose bucket naming rules"
        ? [
            `environments.${name}: the vault would be ${bucket}, ${bucket.length} characters of the 63 that S3 allows; shorten the name of the tenant or of the environment`,
          ]
        : []),
      ...lintServices(id, name, environment),
    ];
  });
}

/** Stacks of an environment are called so, and the record of what is provisioned lies under some of these names. */
export const STACKS_OF_ENVIRONMENT: readonly string[] = [
  'account',
  'provisioning',
  'recovery',
  'backups',
  'operations',
  ...PARTS,
];

function lintServices(
  tenant: string,
  environment: string,
  { services }: EnvironmentContract,
): readonly string[] {
  const begins = `${tenant}-${environment}-`;
  return Object.entries(services).flatMap(([service, { family, repository, logGroup }]) => {
    const at = `environments.${environment}.services.${service}`;
    const says = (holds: boolean, problem: string) => (holds ? [] : [`${at}.${problem}`]);
    return [
      ...says(
        !STACKS_OF_ENVIRONMENT.includes(service),
        `name: ${service} is what a stack of the environment is called; call the service otherwise (taken are ${STACKS_OF_ENVIRONMENT.join(', ')})`,
      ),
      ...says(
        family.startsWith(begins),
        `family: ${family} must begin with ${begins}, by which roles know it`,
      ),
      ...says(
        !family.endsWith('-probe'),
        `family: ${family} ends with -probe, as families of probes alone do`,
      ),
      ...says(
        `${family}-execution`.length <= 64, // "IAM and AWS STS quotas"
        `family: ${family} makes a role ${family}-execution, whose name is longer than the 64 characters that IAM allows`,
      ),
      ...says(
        repository.startsWith(`${tenant}/`),
        `repository: ${repository} must lie below ${tenant}/, by which roles know it`,
      ),
      ...says(
        logGroup.startsWith(`/td/${tenant}/${environment}/`),
        `logGroup: ${logGroup} must lie below /td/${tenant}/${environment}/, by which roles know it`,
      ),
    ];
  });
}
