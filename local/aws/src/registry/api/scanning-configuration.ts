import type {
  BatchGetRepositoryScanningConfigurationRequest,
  BatchGetRepositoryScanningConfigurationResponse,
  GetAccountSettingRequest,
  GetAccountSettingResponse,
  GetRegistryScanningConfigurationResponse,
  ScanningRepositoryFilter,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { ecrState, repositoryArn, type ScanRule, scanFrequencyOf, scanRuleOf } from '../store.ts';

export function getRegistryScanningConfiguration(
  _: object,
  call: Call,
): GetRegistryScanningConfigurationResponse {
  const { scanning } = ecrState(call.world, call.account, call.region);
  return {
    registryId: call.account,
    scanningConfiguration: {
      scanType: scanning.scanType,
      rules: scanning.rules.map((rule) => ({
        scanFrequency: rule.scanFrequency,
        repositoryFilters: filtersOf(rule),
      })),
    },
  };
}

export function getAccountSetting({ name }: GetAccountSettingRequest, call: Call): GetAccountSettingResponse {
  const { scanning, blobMounting = 'DISABLED' } = ecrState(call.world, call.account, call.region);
  switch (name) {
    case 'BASIC_SCAN_TYPE_VERSION':
      return { name, value: scanning.basicVersion ?? 'AWS_NATIVE' };
    case 'BLOB_MOUNTING':
      return { name, value: blobMounting };
    default:
      throw new AwsError('ValidationException', `local-aws has no account setting ${name}`);
  }
}

export function batchGetRepositoryScanningConfiguration(
  input: BatchGetRepositoryScanningConfigurationRequest,
  call: Call,
): BatchGetRepositoryScanningConfigurationResponse {
  const state = ecrState(call.world, call.account, call.region);
  const names = input.repositoryNames ?? [];
  const known = names.flatMap((name) =>
    Object.hasOwn(state.repositories, name) ? (state.repositories[name] ?? []) : [],
  );
  return {
    scanningConfigurations: known.map((repository) => {
      const rule = scanRuleOf(state, repository.name);
      const scanFrequency = scanFrequencyOf(state, repository);
      return {
        repositoryArn: repositoryArn(repository),
        repositoryName: repository.name,
        scanOnPush: scanFrequency === 'SCAN_ON_PUSH',
        scanFrequency,
        appliedScanFilters: rule ? filtersOf(rule) : [],
      };
    }),
    failures: names
      .filter((name) => !Object.hasOwn(state.repositories, name))
      .map((repositoryName) => ({
        repositoryName,
        failureCode: 'REPOSITORY_NOT_FOUND' as const,
        failureReason: `The repository with name '${repositoryName}' does not exist in the registry with id '${call.account}'`,
      })),
  };
}

function filtersOf(rule: ScanRule): ScanningRepositoryFilter[] {
  return rule.filters.map((filter) => ({ filter, filterType: 'WILDCARD' }));
}
