import { batchDeleteImage } from '../registry/api/batch-delete-image.ts';
import { createRepository } from '../registry/api/create-repository.ts';
import { describeImages } from '../registry/api/describe-images.ts';
import { describeImageScanFindings } from '../registry/api/describe-scan-findings.ts';
import { batchGetImage } from '../registry/api/get-image.ts';
import { getDownloadUrlForLayer } from '../registry/api/layer-url.ts';
import {
  getLifecyclePolicy,
  getLifecyclePolicyPreview,
  putLifecyclePolicy,
  startLifecyclePolicyPreview,
} from '../registry/api/lifecycle.ts';
import { pullThroughOperations } from '../registry/api/pull-through.ts';
import { listImageReferrers } from '../registry/api/referrers.ts';
import { describeRegistry } from '../registry/api/registry.ts';
import { describeImageReplicationStatus } from '../registry/api/replication-status.ts';
import { describeRepositories, getAuthorizationToken } from '../registry/api/repositories.ts';
import { listTagsForResource } from '../registry/api/resource-tags.ts';
import {
  batchGetRepositoryScanningConfiguration,
  getAccountSetting,
  getRegistryScanningConfiguration,
} from '../registry/api/scanning-configuration.ts';
import {
  deleteSigningConfiguration,
  describeImageSigningStatus,
  getSigningConfiguration,
  putSigningConfiguration,
} from '../registry/api/signing.ts';
import { startImageScan } from '../registry/api/start-scan.ts';
import { updateImageStorageClass } from '../registry/api/storage-class.ts';
import { ecrRules } from '../registry/rules.ts';
import type { Service } from '../world/service.ts';

export {
  type ReplicationStep,
  type SigningStep,
  scriptReplication,
  scriptSigning,
} from '../registry/after-push-script.ts';
export { replicationOf } from '../registry/replication.ts';
export { imageSource } from '../registry/runnable-image.ts';
export {
  type CoverageStep,
  type ScanStep,
  scriptCoverage,
  scriptScan,
} from '../registry/scan-script.ts';
export { copyImage, seedBaseImages, seedRepository, seedScanning } from '../registry/seed.ts';
export { signingOf } from '../registry/signing.ts';
export { ecrState } from '../registry/store.ts';
export { acceptUpstream, revokeUpstream } from '../registry/upstream.ts';

/** Amazon ECR with basic and enhanced scanning, replication, managed signing and lifecycle previews; its images are those of the registry at `/v2/`. */
export const ecr: Service = {
  name: 'ecr',
  sdk: '@aws-sdk/client-ecr',
  operations: {
    GetAuthorizationToken: getAuthorizationToken,
    GetDownloadUrlForLayer: getDownloadUrlForLayer,
    DescribeRegistry: describeRegistry,
    CreateRepository: createRepository,
    ListTagsForResource: listTagsForResource,
    DescribeRepositories: describeRepositories,
    DescribeImages: describeImages,
    BatchGetImage: batchGetImage,
    BatchDeleteImage: batchDeleteImage,
    ListImageReferrers: listImageReferrers,
    UpdateImageStorageClass: updateImageStorageClass,
    DescribeImageReplicationStatus: describeImageReplicationStatus,
    GetSigningConfiguration: getSigningConfiguration,
    PutSigningConfiguration: putSigningConfiguration,
    DeleteSigningConfiguration: deleteSigningConfiguration,
    DescribeImageSigningStatus: describeImageSigningStatus,
    PutLifecyclePolicy: putLifecyclePolicy,
    GetLifecyclePolicy: getLifecyclePolicy,
    StartLifecyclePolicyPreview: startLifecyclePolicyPreview,
    GetLifecyclePolicyPreview: getLifecyclePolicyPreview,
    StartImageScan: startImageScan,
    DescribeImageScanFindings: describeImageScanFindings,
    GetAccountSetting: getAccountSetting,
    GetRegistryScanningConfiguration: getRegistryScanningConfiguration,
    BatchGetRepositoryScanningConfiguration: batchGetRepositoryScanningConfiguration,
    ...pullThroughOperations,
  },
  rules: ecrRules,
};
