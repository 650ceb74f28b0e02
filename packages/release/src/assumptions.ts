import { AWS_ASSUMPTIONS } from '@tenant-delivery/aws/assumptions';
import { DEPLOYMENT_ASSUMPTIONS } from '@tenant-delivery/deployment/assumptions';
import type { Assumption } from '@tenant-delivery/domain';
import { FINDINGS_ASSUMPTIONS } from '@tenant-delivery/findings/assumptions';
import { GITHUB_ASSUMPTIONS } from '@tenant-delivery/github/assumptions';
import { LOCAL_AWS_ASSUMPTIONS } from '@tenant-delivery/local-aws/assumptions';
import { LOCAL_GITHUB_ASSUMPTIONS } from '@tenant-delivery/local-github/assumptions';
import { REGISTRY_ASSUMPTIONS } from '@tenant-delivery/oci/assumptions';
import { PROVISIONING_ASSUMPTIONS } from '@tenant-delivery/provisioning/assumptions';

/** All that code and local servers take for true of AWS and GitHub without a page that says so. */
export const ASSUMPTIONS: readonly Assumption[] = [
  ...DEPLOYMENT_ASSUMPTIONS,
  ...FINDINGS_ASSUMPTIONS,
  ...REGISTRY_ASSUMPTIONS,
  ...AWS_ASSUMPTIONS,
  ...PROVISIONING_ASSUMPTIONS,
  ...LOCAL_AWS_ASSUMPTIONS,
  ...GITHUB_ASSUMPTIONS,
  ...LOCAL_GITHUB_ASSUMPTIONS,
];
