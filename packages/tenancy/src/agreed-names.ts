import { DUTIES, type Duty, partitionOf, ROLES, type Role, type Target } from '@tenant-delivery/domain';
import type { EnvironmentContract, ServiceAgreement } from './contract.ts';
import { type Environment, keyAlias, roleArn, vaultBucket } from './derived-names.ts';

/** Every resource that a delivery to this service may touch, by name and ARN, derived from the contract alone. */
export interface AgreedNames {
  readonly cluster: string;
  readonly clusterArn: string;
  readonly serviceArn: string;
  /** In ECR. */
  readonly repository: string;
  readonly repositoryArn: string;
  readonly family: string;
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly logGroup: string;
  readonly vaultBucket: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly keys: Readonly<Record<Duty, string>>;
  /** GitHub environments. */
  readonly deployEnvironment: string;
  readonly approvalEnvironment: string;
}

export function agreedNames(
  target: Target,
  environment: EnvironmentContract,
  agreement: ServiceAgreement,
): AgreedNames {
  const place: Environment = target;
  const { account, region } = target;
  const arn = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
  const key = (duty: Duty) => keyAlias(place, duty);
  return {
    cluster: environment.cluster,
    clusterArn: arn('ecs', `cluster/${environment.cluster}`),
    serviceArn: arn('ecs', `service/${environment.cluster}/${target.service}`),
    repository: agreement.repository,
    repositoryArn: arn('ecr', `repository/${agreement.repository}`),
    family: agreement.family,
    targetGroup: agreement.targetGroup,
    loadBalancer: environment.loadBalancer.name,
    logGroup: agreement.logGroup,
    vaultBucket: vaultBucket(place),
    roles: Object.fromEntries(ROLES.map((of) => [of, roleArn(place, of)])) as Record<Role, string>, // of each
    keys: Object.fromEntries(DUTIES.map((of) => [of, key(of)])) as Record<Duty, string>, // of each
    deployEnvironment: environment.protection.environment,
    approvalEnvironment: environment.approval.environment,
  };
}
