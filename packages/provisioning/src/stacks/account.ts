import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment } from '../environment.ts';
import { kept, type Resource, type Resources, type Template, tagList } from './template.ts';

/** What an account has once, for all of its environments in one region. */
export function accountTemplate(
  contract: TenantContract,
  { provider }: Pick<RenderedEnvironment, 'provider'>,
  region: string,
): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What the account of ${contract.id} has once`,
    Resources: {
      OidcProvider: kept({
        Type: 'AWS::IAM::OIDCProvider',
        Properties: {
          Url: provider.url,
          ClientIdList: provider.audiences,
          Tags: tagList({ tenant: contract.id }),
        },
      }),
      RegistryScanning: scanning(),
      ...replication(contract, region),
    },
  };
}

/** Every image is scanned, and again whenever something new is known. */
export function scanning(): Resource {
  return {
    Type: 'AWS::ECR::RegistryScanningConfiguration',
    Properties: {
      ScanType: 'ENHANCED',
      Rules: [
        {
          ScanFrequency: 'CONTINUOUS_SCAN',
          RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }],
        },
      ],
    },
  };
}

/** Copies of images in every region that an environment of this account asks for. */
function replication({ account, environments }: TenantContract, region: string): Resources {
  const here = Object.values(environments).filter((environment) => environment.region === region);
  const regions = [...new Set(here.flatMap(({ registry }) => registry?.replicatedTo ?? []))];
  if (regions.length === 0) return {};
  return {
    RegistryReplication: {
      Type: 'AWS::ECR::ReplicationConfiguration',
      Properties: {
        ReplicationConfiguration: {
          Rules: [{ Destinations: regions.map((Region) => ({ Region, RegistryId: account })) }],
        },
      },
    },
  };
}
