/** What we use of the client of AWS CloudTrail. */
export { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
