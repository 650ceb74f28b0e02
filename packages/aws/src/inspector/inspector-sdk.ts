/** What we use of the client of Amazon Inspector. */
export {
  BatchGetFindingDetailsCommand,
  Inspector2Client,
  paginateListCoverage,
  paginateListFindings,
} from '@aws-sdk/client-inspector2';
