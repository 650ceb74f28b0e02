/** What we use of the client of AWS Systems Manager. */
export { paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
