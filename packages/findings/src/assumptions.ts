import type { Assumption } from '@tenant-delivery/domain';

/** What judging an inspection takes for true of Amazon ECR and Amazon Inspector. */
export const FINDINGS_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'ecr-scan-completed-at',
    of: 'AWS',
    says: 'A finished scan has `imageScanCompletedAt`, also when it found nothing.',
    page: 'Amazon ECR API Reference, "ImageScanFindings": the member is optional.',
    ifWrong: {
      fails: 'closed',
      effect: 'The gate looks a second time ten seconds later, as if the scan had just ended.',
    },
    seenBy: { canary: 'The gate on an image without findings: whether the member is there.' },
  },
  {
    id: 'findings-settle-in-ten-seconds',
    of: 'AWS',
    says: 'All findings are listed ten seconds after ECR and Inspector both call a scan finished.',
    page: 'None. That they come some seconds late was reported (aws/aws-sdk#289).',
    ifWrong: {
      fails: 'open',
      effect: 'The gate does not see findings that come later. `re-gate.yml` does, within its interval.',
    },
    seenBy: {
      canary:
        'The gate on an image with known findings, and on the same image again minutes later: how many it counted.',
    },
  },
  {
    id: 'ecr-lists-suppressed-rows',
    of: 'AWS',
    says: 'DescribeImageScanFindings lists findings that a suppression rule of Inspector hides, with the status SUPPRESSED.',
    page: 'Amazon Inspector User Guide, "Suppressing findings": says that they are hidden in Inspector, and nothing about ECR.',
    ifWrong: {
      fails: 'open',
      effect:
        "A rule in the tenant's Inspector takes findings away from the gate, also where the policy lets them count.",
    },
    seenBy: {
      canary:
        "The gate on an image with known findings, if a rule of the tenant's Inspector suppresses one of them: whether it counted that one.",
    },
  },
];
