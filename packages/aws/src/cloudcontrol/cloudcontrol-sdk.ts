/** What we use of the client of the Cloud Control API. */
export { CloudControlClient, GetResourceCommand } from '@aws-sdk/client-cloudcontrol';
