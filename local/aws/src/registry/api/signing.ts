import type {
  DeleteSigningConfigurationResponse,
  DescribeImageSigningStatusRequest,
  DescribeImageSigningStatusResponse,
  GetSigningConfigurationResponse,
  ImageSigningStatus,
  PutSigningConfigurationRequest,
  PutSigningConfigurationResponse,
  SigningConfiguration,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { nextSigningRows } from '../after-push-script.ts';
import { isSigned, type Signature, type Signing, signaturesOf, signingOf } from '../signing.ts';
import { findDigest, findRepository, imageNotFound } from './lookup.ts';

const RULES = 10; // of one registry
const FILTERS = 100; // of one rule

export function getSigningConfiguration(_: object, call: Call): GetSigningConfigurationResponse {
  return { registryId: call.account, signingConfiguration: configured(call) };
}

export function putSigningConfiguration(
  { signingConfiguration }: PutSigningConfigurationRequest,
  call: Call,
): PutSigningConfigurationResponse {
  const rules = signingConfiguration?.rules ?? [];
  if (rules.length > RULES || rules.some(({ repositoryFilters = [] }) => repositoryFilters.length > FILTERS))
    throw new AwsError('InvalidParameterException', `At most ${RULES} rules with ${FILTERS} filters each`);
  signing(call).rules = rules.map(({ signingProfileArn = '', repositoryFilters = [] }) => ({
    signingProfileArn,
    filters: repositoryFilters.map(({ filter = '' }) => filter),
  }));
  call.world.touched();
  return { ...(signingConfiguration ? { signingConfiguration } : {}) };
}

export function deleteSigningConfiguration(_: object, call: Call): DeleteSigningConfigurationResponse {
  const signingConfiguration = configured(call);
  signing(call).rules = [];
  call.world.touched();
  return { registryId: call.account, signingConfiguration };
}

export function describeImageSigningStatus(
  input: DescribeImageSigningStatusRequest,
  call: Call,
): DescribeImageSigningStatusResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const id = input.imageId ?? {};
  const digest = findDigest(repository, id);
  if (digest === undefined) throw imageNotFound(repository, id);
  return {
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    registryId: repository.registryId,
    signingStatuses:
      nextSigningRows(call.world, call.account, digest) ??
      signaturesOf(call.world, repository, digest).map((signature) => statusOf(call, signature)),
  };
}

function statusOf({ world }: Call, signature: Signature): ImageSigningStatus {
  const { signingProfileArn, failure } = signature;
  if (!isSigned(world, signature)) return { signingProfileArn, status: 'IN_PROGRESS' };
  if (failure === undefined) return { signingProfileArn, status: 'COMPLETE' };
  return { signingProfileArn, status: 'FAILED', failureCode: failure.code, failureReason: failure.reason };
}

function configured(call: Call): SigningConfiguration {
  const { rules } = signing(call);
  if (rules.length === 0)
    throw new AwsError(
      'SigningConfigurationNotFoundException',
      `There is no signing configuration in the registry with id '${call.account}'`,
    );
  return {
    rules: rules.map(({ signingProfileArn, filters }) => ({
      signingProfileArn,
      ...(filters.length > 0 && {
        repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD_MATCH' as const })),
      }),
    })),
  };
}

function signing({ world, account, region }: Call): Signing {
  return signingOf(world, account, region);
}
