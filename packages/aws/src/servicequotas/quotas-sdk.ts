/** What we use of the client of Service Quotas. */
export {
  GetAWSDefaultServiceQuotaCommand,
  paginateListServiceQuotas,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
