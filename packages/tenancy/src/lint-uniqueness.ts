import { judged } from '@tenant-delivery/action-kit/readable';
import { approvalEnvironments } from './break-glass.ts';
import type { TenantContract } from './contract.ts';

/** A contract and its file. */
export interface ContractFile {
  readonly file: string;
  readonly contract: TenantContract;
}

/** What belongs to one tenant alone. */
const OWNED: Readonly<Record<string, (contract: TenantContract) => readonly (string | number)[]>> = {
  'tenant id': ({ id }) => [id],
  account: ({ account }) => [account],
  VPC: ({ environments }) => Object.values(environments).flatMap(({ vpc }) => vpc.id ?? []),
  subnet: (contract) => layersOf(contract).flatMap(({ subnets = [] }) => subnets),
  'security group': (contract) => layersOf(contract).flatMap(({ securityGroups = [] }) => securityGroups),
  // its key is in the account of a tenant, whose administrator could reach what it reaches
  'GitHub App': ({ environments }) =>
    Object.values(environments).flatMap(({ githubApp }) => githubApp?.id ?? []),
  // in the operations repository: the environment b of acme-a is called as a-b of acme, and so are the sessions of both
  'GitHub environment': ({ environments }) =>
    Object.values(environments).flatMap(({ approval, protection, breakGlass }) => [
      approval.environment,
      `${approval.environment}-second`,
      protection.environment,
      ...(breakGlass ? approvalEnvironments(breakGlass) : []),
    ]),
  'repository id': ({ repositories }) => repositories.map(({ repositoryId }) => repositoryId),
};

function layersOf({ environments }: TenantContract) {
  return Object.values(environments).flatMap(({ layers }) => Object.values(layers));
}

/** What two contracts both claim. */
export function lintUniqueness(files: readonly ContractFile[]): readonly string[] {
  return Object.entries(OWNED).flatMap(([what, owned]) => {
    const owners = new Map<string | number, string>();
    const each = files.map(({ file, contract }) => () => {
      return [...new Set(owned(contract))].flatMap((thing) => {
        const owner = owners.get(thing);
        owners.set(thing, owner ?? file);
        return owner === undefined ? [] : [`${file}: the ${what} ${thing} is ${owner}'s already`];
      });
    });
    return judged(...each);
  });
}
