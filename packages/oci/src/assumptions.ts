import type { Assumption } from '@tenant-delivery/domain';

/** What a push takes for true of Amazon ECR. */
export const REGISTRY_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'ecr-takes-chunks',
    of: 'AWS',
    says: 'Amazon ECR takes a layer as PATCH requests with `content-range`, each of any size up to ours, and an empty PUT at the end.',
    page: 'OCI Distribution Specification, "Pushing a blob in chunks": a registry may demand a minimum size of chunks. The Amazon ECR User Guide is silent.',
    ifWrong: { fails: 'closed', effect: 'A push of a large layer is refused, and the build with it.' },
    seenBy: { canary: 'A delivery whose image has a layer larger than one chunk.' },
  },
];
