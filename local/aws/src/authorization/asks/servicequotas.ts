import type { GetServiceQuotaCommandInput } from '@aws-sdk/client-service-quotas';
import type { Asks } from '../ask.ts';

/** "Actions, resources, and condition keys for Service Quotas". */
export const servicequotasAsks: Readonly<Record<string, Asks>> = {
  GetServiceQuota: ({ ServiceCode, QuotaCode }: GetServiceQuotaCommandInput, { account, region }) => [
    {
      action: 'servicequotas:GetServiceQuota',
      resource: `arn:aws:servicequotas:${region}:${account}:${ServiceCode}/${QuotaCode}`,
      context: { 'servicequotas:service': ServiceCode },
    },
  ],
};
