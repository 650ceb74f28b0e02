import type { Assumption } from '@tenant-delivery/domain';

/** What the adapters take for true of AWS. */
export const AWS_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 's3-one-writer-in-a-locked-bucket',
    of: 'AWS',
    says: 'Of two writers with `If-None-Match: *`, one is refused, also in a bucket with versions and Object Lock.',
    page: 'Amazon S3 User Guide, "Conditional requests": describes buckets with versions, and does not name Object Lock.',
    ifWrong: {
      fails: 'open',
      effect:
        'Two jobs both believe that they recorded the next step of a change. The verifier finds that the chain does not continue.',
    },
    seenBy: { canary: 'Keys of the vault that two deliveries both create: whether S3 refused the second.' },
  },
  {
    id: 's3-start-after-a-folder',
    of: 'AWS',
    says: 'A listing with a delimiter may repeat the folder that `start-after` names.',
    page: 'Amazon S3 API Reference, "ListObjectsV2": speaks of keys and not of common prefixes.',
    ifWrong: { fails: 'harmless', effect: 'We leave the folder out if it comes.' },
    seenBy: {
      notByCanary:
        'Our code does the right thing with either answer, so a canary would have nothing to judge.',
      person:
        '`aws s3api list-objects-v2` on the vault with `--delimiter /` and `--start-after` a folder: whether that folder is in the answer.',
    },
  },
  {
    id: 'aws-date-header',
    of: 'AWS',
    says: "An answer's `date` header is the time of AWS's own clock.",
    page: 'None. The SDK corrects its own clock by this header.',
    ifWrong: {
      fails: 'closed',
      effect: 'The gate waits longer for findings, and a rotation longer for use of an old key.',
    },
    seenBy: { canary: "Any request: `date` beside the runner's clock." },
  },
];
