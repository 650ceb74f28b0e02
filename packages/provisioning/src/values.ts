import type { KindName } from '@tenant-delivery/credentials/kinds';
import { canonicalJson, type Role } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { rotationRole } from '@tenant-delivery/tenancy/credential-subject';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { backupName, backupRoleArn } from './backup-names.ts';
import type { Values } from './templates.ts';

/** Values that a contract does not have: the owner and the releases that are trusted, and the role that publishes contracts. */
export interface Released {
  /** The provider's repository on GitHub, `owner/name`. */
  readonly provider: string;
  /** Tags of the releases in use: `v1.12.0`. */
  readonly releases: readonly string[];
  /** ARN patterns of the principals that publish contracts and stop signs. */
  readonly publishers: readonly string[];
}

/** Every placeholder of `templates/iam`, from the contract of one environment. None of them grows with its services. */
export function valuesOf(contract: TenantContract, name: string, released: Released): Values {
  const environment = environmentOf(contract, name);
  const { account, partition, id: tenant } = contract;
  const { region, cluster, approval, protection, breakGlass, probe, recovery } = environment;
  const repositories = [...contract.repositories, contract.operations];
  const regional = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const iam = (resource: string) => `arn:${partition}:iam::${account}:${resource}`;
  const incident = breakGlass?.role ?? `td-${name}-break-glass`;
  return {
    partition,
    account,
    region,
    tenant,
    environment: name,
    // A file is named with `@*`, a release with `*@`, and no ref may hold two `@`: together they name one ref of one file.
    workflows: `${released.provider}/.github/workflows`,
    releases: released.releases.map((tag) => `*@refs/tags/${tag}`),
    repositoryIds: repositories.map(({ repositoryId }) => String(repositoryId)),
    owners: [...new Set(repositories.map(ownerPattern))],
    operationsRepositoryId: String(contract.operations.repositoryId),
    operationsOwner: ownerPattern(contract.operations),
    branches: protection.branches.map((branch) => `*:ref:refs/heads/${branch}`),
    approvalEnvironment: approval.environment,
    deployEnvironment: protection.environment,
    breakGlassEnvironment: breakGlass?.approval.environment ?? `${tenant}-${name}-break-glass`,
    breakGlassRoleArn: iam(`role/td/break-glass/${incident}`),
    breakGlassBoundaryArn: iam(`policy/td/break-glass/${incident}-boundary`),
    boundaryArn: boundaryArn(contract, name),
    vaultBucket: vaultBucket({ tenant, environment: name, account, region }),
    retentionDays: environment.evidence.retentionDays,
    providerPrincipals: released.publishers,
    otherEnvironments: othersOf(contract, name),
    regions: [region, ...(recovery ? [recovery.region] : [])],
    recoveryStackArns: recovery
      ? [
          `arn:${partition}:cloudformation:${recovery.region}:${account}:stack/td-${tenant}-${name}-recovery/*`,
        ]
      : [],
    backupVaultArns: recovery ? [regional('backup', `backup-vault:${backupName(contract, name)}`)] : [],
    backupRoleArns: recovery ? [backupRoleArn(contract, name)] : [],
    cluster,
    loadBalancer: environment.loadBalancer.name,
    subnets: subnetsOf(environment),
    probeRepositoryArns: probe ? [regional('ecr', `repository/${probe.image.split('@')[0]}`)] : [],
    signingProfile: environment.registry?.signingProfile ?? regional('signer', '/signing-profiles/none'),
    ...credentialValues(environment, iam, regional),
  };
}

/** Before the network is there, a name that no subnet has: a condition needs a value, and no task may run yet. */
function subnetsOf({ layers }: EnvironmentContract): readonly string[] {
  const subnets = Object.values(layers).flatMap((layer) => layer.subnets ?? []);
  return subnets.length > 0 ? subnets : ['subnet-none'];
}

/**
 * The contract with its members in the order that a signed one has. A file may have another, and then its lists of subnets
 * would be others than those of the same contract in the vault.
 */
export function inSignedOrder(contract: TenantContract): TenantContract {
  return JSON.parse(canonicalJson(contract)) as TenantContract; // the same members
}

/** Of the managed policy that bounds every role which a workflow makes or changes. */
export function boundaryArn({ partition, account }: TenantContract, name: string): string {
  return `arn:${partition}:iam::${account}:policy/td/${name}/td-${name}-boundary`;
}

export function environmentOf(contract: TenantContract, name: string): EnvironmentContract {
  const environment = contract.environments[name];
  if (!environment) throw new Error(`the contract of ${contract.id} has no environment ${name}`);
  return environment;
}

/** What the other environments of the contract have, by its names: vaults, roles, secrets, clusters, services, logs. */
function othersOf({ account, partition, id: tenant, environments }: TenantContract, name: string) {
  return Object.entries(environments).flatMap(([environment, { region, cluster }]) => {
    if (environment === name) return [];
    const bucket = vaultBucket({ tenant, environment, account, region });
    const regional = (service: string, resource: string) =>
      `arn:${partition}:${service}:${region}:${account}:${resource}`;
    return [
      `arn:${partition}:s3:::${bucket}`,
      `arn:${partition}:s3:::${bucket}/*`,
      `arn:${partition}:iam::${account}:role/td/${environment}/*`,
      regional('secretsmanager', `secret:td/${environment}/*`),
      regional('ecs', `cluster/${cluster}`),
      regional('ecs', `service/${cluster}/*`),
      regional('logs', `log-group:/td/${tenant}/${environment}/*`),
    ];
  });
}

/** Both forms of a subject begin so: `repo:acme/…` and, of repositories since July 2026, `repo:acme@123456/…`. */
function ownerPattern({ repository }: { readonly repository: string }): string {
  return `repo:${repository.split('/')[0]}*/*`;
}

function credentialValues(
  { credentials = [], githubApp }: EnvironmentContract,
  iam: (resource: string) => string,
  regional: (service: string, resource: string) => string,
) {
  const secret = (name: string) => regional('secretsmanager', `secret:${name}-??????`);
  /** A member of those credentials that have it, of some kinds or of all. */
  const named = (member: 'user' | 'escrow' | 'secret' | 'vpn', of = (_: KindName) => true) =>
    credentials
      .filter(({ kind }) => of(kind))
      .map((each): unknown => Reflect.get(each, member))
      .filter((value) => typeof value === 'string');
  const brought = (kind: KindName) => kind === 'github-app-key'; // people write its secret, and the role only reads it
  const turnedBy = (role: Role) => (kind: KindName) => rotationRole(kind) === role;
  const consumers = credentials.flatMap((each) => ('consumers' in each ? each.consumers : []));
  const app = githubApp ? [githubApp.key] : [];
  return {
    credentialUserArns: named('user').map((user) => iam(`user/${user}`)),
    credentialSecretArns: [
      ...named('escrow', (kind) => !brought(kind) && turnedBy('rotate')(kind)),
      ...consumers.flatMap((each) => (each.kind === 'secrets-manager' ? each.secret : [])),
    ].map(secret),
    broughtSecretArns: named('escrow', brought).map(secret),
    reportedSecretArns: [...new Set([...named('escrow'), ...named('secret'), ...app])].map(secret),
    rotatedSecretArns: named('secret', turnedBy('rotate-secret')).map(secret),
    vpnConnectionArns: named('vpn').map((vpn) => regional('ec2', `vpn-connection/${vpn}`)),
    vpnSecretArns: named('escrow', turnedBy('rotate-vpn')).map(secret),
    upstreamSecretArns: named('secret', turnedBy('rotate-registry')).map(secret),
    appSecretArns: app.map(secret),
  };
}
