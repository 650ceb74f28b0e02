import { describeImages } from '../registry/api/describe-images.ts';
import { describeImageScanFindings } from '../registry/api/describe-scan-findings.ts';
import { batchGetImage } from '../registry/api/get-image.ts';
import { describeImageReplicationStatus } from '../registry/api/replication-status.ts';
import { describeRepositories, getAuthorizationToken } from '../registry/api/repositories.ts';
import {
  batchGetRepositoryScanningConfiguration,
  getAccountSetting,
  getRegistryScanningConfiguration,
} from '../registry/api/scanning-configuration.ts';
import { startImageScan } from '../registry/api/start-scan.ts';
import type { Service } from '../world/service.ts';

export { replicationOf } from '../registry/replication.ts';
export { imageSource } from '../registry/runnable-image.ts';
export {
  type CoverageStep,
  type ScanStep,
  scriptCoverage,
  scriptScan,
} from '../registry/scan-script.ts';
export { copyImage, seedBaseImages, seedRepository, seedScanning } from '../registry/seed.ts';
export { ecrState, repositoryUri } from '../registry/store.ts';

/** Amazon ECR with basic and enhanced scanning; its images are those of the registry at `/v2/`. */
export const ecr: Service = {
  name: 'ecr',
  sdk: '@aws-sdk/client-ecr',
  operations: {
    GetAuthorizationToken: getAuthorizationToken,
    DescribeRepositories: describeRepositories,
    DescribeImages: describeImages,
    BatchGetImage: batchGetImage,
    DescribeImageReplicationStatus: describeImageReplicationStatus,
    StartImageScan: startImageScan,
    DescribeImageScanFindings: describeImageScanFindings,
    GetAccountSetting: getAccountSetting,
    GetRegistryScanningConfiguration: getRegistryScanningConfiguration,
    BatchGetRepositoryScanningConfiguration: batchGetRepositoryScanningConfiguration,
  },
};
