import { judged } from '@tenant-delivery/action-kit/readable';
import { PARTS } from '@tenant-delivery/domain';
import { pairs } from './address-ranges.ts';
import type { EnvironmentContract, ServiceAgreement, TenantContract } from './contract.ts';
import { vaultBucket } from './derived-names.ts';

/**
 * Roles name what an environment has by its place: families by how they begin, repositories, log groups and roles of tasks
 * by what they lie below, services by their cluster. So everything has to lie in its place, and no place in another.
 */
export function lintPlaces(contract: TenantContract): readonly string[] {
  const names = Object.keys(contract.environments);
  return judged(
    ...names.flatMap((name) => [
      () =>
        names
          .filter((other) => other.startsWith(`${name}-`))
          .map(
            (other) =>
              `environments.${name}: ${other} begins with ${name}-, and so do roles, families and sessions of both; name one of them otherwise`,
          ),
      () => lintVaultName(contract, name),
      () => lintServices(contract.id, name, contract.environments[name]?.services ?? {}),
    ]),
    () => lintTaken(contract),
  );
}

function lintVaultName({ id, account, environments }: TenantContract, name: string): readonly string[] {
  const region = environments[name]?.region ?? '';
  const bucket = vaultBucket({ tenant: id, environment: name, account, region });
  return bucket.length > 63 // "General purpose bucket naming rules"
    ? [
        `environments.${name}: the vault would be ${bucket}, ${bucket.length} characters of the 63 that S3 allows; shorten the name of the tenant or of the environment`,
      ]
    : [];
}

/** Names that an account has once in a region. */
const TAKEN: readonly {
  readonly what: string;
  readonly why: string;
  readonly of: (environment: EnvironmentContract) => readonly (readonly [path: string, name: string])[];
}[] = [
  {
    what: 'cluster',
    why: 'roles know services by their cluster, so each environment needs its own',
    of: ({ cluster }) => [['cluster', cluster]],
  },
  {
    what: 'load balancer',
    why: 'an account has each name once in a region',
    of: ({ loadBalancer }) => [['loadBalancer.name', loadBalancer.name]],
  },
  {
    what: 'target group',
    why: 'an account has each name once in a region',
    of: ({ services }) =>
      Object.entries(services).map(([service, { targetGroup }]) => [
        `services.${service}.targetGroup`,
        targetGroup,
      ]),
  },
];

function lintTaken({ environments }: TenantContract): readonly string[] {
  const all = Object.entries(environments);
  return judged(
    ...TAKEN.map(
      ({ what, why, of }) =>
        () =>
          pairs(all).flatMap(([[one, a], [other, b]]) => {
            const theirs = a.region === b.region ? of(a).map(([, name]) => name) : [];
            return of(b)
              .filter(([, name]) => theirs.includes(name))
              .map(
                ([path, name]) =>
                  `environments.${other}.${path}: ${name} is the ${what} of ${one} too; ${why}`,
              );
          }),
    ),
  );
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
  services: EnvironmentContract['services'],
): readonly string[] {
  return judged(
    ...Object.keys(services).map((service) => () => {
      const { family, repository, logGroup } = services[service] as ServiceAgreement; // one of its keys
      return lintService(tenant, environment, service, { family, repository, logGroup });
    }),
  );
}

function lintService(
  tenant: string,
  environment: string,
  service: string,
  { family, repository, logGroup }: Pick<ServiceAgreement, 'family' | 'repository' | 'logGroup'>,
): readonly string[] {
  const begins = `${tenant}-${environment}-`;
  const at = `environments.${environment}.services.${service}`;
  const says = (holds: boolean, problem: string) => (holds ? [] : [`${at}.${problem}`]);
  return [
    ...says(
      !STACKS_OF_ENVIRONMENT.includes(service),
      `name: ${service} is what a stack of the environment is called; call the service otherwise (taken are ${STACKS_OF_ENVIRONMENT.join(', ')})`,
    ),
    ...says(family.startsWith(begins), `family: ${family} must begin with ${begins}, by which roles know it`),
    ...says(!family.endsWith('-probe'), `family: ${family} ends with -probe, as families of probes alone do`),
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
}
