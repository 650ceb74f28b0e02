import type {
  GetAWSDefaultServiceQuotaCommandInput,
  GetAWSDefaultServiceQuotaCommandOutput,
  GetServiceQuotaCommandInput,
  GetServiceQuotaCommandOutput,
  ListServiceQuotasCommandInput,
  ListServiceQuotasCommandOutput,
  ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { appliedQuota, type KnownQuota, QUOTAS } from '../servicequotas/quotas.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

const LONGEST_PAGE = 100;

/** Service Quotas as far as its values can be read. Nobody here asks for more. */
export const servicequotas: Service = {
  name: 'servicequotas',
  sdk: '@aws-sdk/client-service-quotas',
  operations: {
    GetServiceQuota: getServiceQuota,
    GetAWSDefaultServiceQuota: getDefaultQuota,
    ListServiceQuotas: listServiceQuotas,
  },
};

function getServiceQuota(
  { ServiceCode, QuotaCode }: GetServiceQuotaCommandInput,
  call: Call,
): Output<GetServiceQuotaCommandOutput> {
  const quota = find(ServiceCode, QuotaCode);
  if (quota.onlyDefault) throw noSuch('quota');
  return { Quota: described(quota, appliedQuota(call, quota), call) };
}

function getDefaultQuota(
  { ServiceCode, QuotaCode }: GetAWSDefaultServiceQuotaCommandInput,
  call: Call,
): Output<GetAWSDefaultServiceQuotaCommandOutput> {
  const quota = find(ServiceCode, QuotaCode);
  return { Quota: described(quota, quota.usual, call) };
}

function listServiceQuotas(
  { ServiceCode, MaxResults = LONGEST_PAGE, NextToken }: ListServiceQuotasCommandInput,
  call: Call,
): Output<ListServiceQuotasCommandOutput> {
  const all = of(ServiceCode).filter(({ onlyDefault }) => !onlyDefault);
  const { items, next } = pageOf(all, {
    token: NextToken,
    size: MaxResults,
    refused: () => new AwsError('InvalidPaginationTokenException', 'The pagination token is not valid.'),
  });
  return {
    Quotas: items.map((quota) => described(quota, appliedQuota(call, quota), call)),
    ...(next !== undefined && { NextToken: next }),
  };
}

function find(service: string | undefined, code: string | undefined): KnownQuota {
  const found = of(service).find((quota) => quota.code === code);
  if (!found) throw noSuch('quota');
  return found;
}

function of(service: string | undefined): readonly KnownQuota[] {
  const found = QUOTAS.filter((quota) => quota.service === service);
  if (found.length === 0) throw noSuch('service');
  return found;
}

function noSuch(what: 'service' | 'quota'): AwsError {
  return new AwsError(
    'NoSuchResourceException',
    `The request failed because the specified ${what} does not exist.`,
  );
}

function described(
  { service, code, name }: KnownQuota,
  value: number,
  { account, region }: Call,
): ServiceQuota {
  return {
    ServiceCode: service,
    QuotaArn: `arn:aws:servicequotas:${region}:${account}:${service}/${code}`,
    QuotaCode: code,
    QuotaName: name,
    Value: value,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  };
}
