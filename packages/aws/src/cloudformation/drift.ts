import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Drift, ResourceDrift } from '@tenant-delivery/provisioning/ports';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { CloudFormation } from './cloudformation-client.ts';

/**
 * Starts a detection. CloudFormation compares in the background; answers the id of the detection. Assumes
 * cloudformation-drift-reads.
 */
export async function detectDrift(cloudformation: CloudFormation, stack: string): Promise<string> {
  const sent = cloudformation.send((sdk) => new sdk.DetectStackDriftCommand({ StackName: stack }));
  const { StackDriftDetectionId } = await translated('cloudformation:DetectStackDrift', sent);
  return required(StackDriftDetectionId, 'StackDriftDetectionId');
}

/** What a detection found; `undefined` while it is on its way. */
export async function driftOf(
  cloudformation: CloudFormation,
  stack: string,
  detection: string,
): Promise<Drift | undefined> {
  const asked = { StackDriftDetectionId: detection };
  const sent = cloudformation.send((sdk) => new sdk.DescribeStackDriftDetectionStatusCommand(asked));
  const answer = await translated('cloudformation:DescribeStackDriftDetectionStatus', sent);
  const status = required(answer.DetectionStatus, 'DetectionStatus');
  if (status === 'DETECTION_IN_PROGRESS') return undefined;
  const pages = cloudformation.pages((sdk, client) =>
    sdk.paginateDescribeStackResourceDrifts(
      { client },
      { StackName: stack, StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED', 'UNKNOWN'] },
    ),
  );
  const rows = await everyRow('cloudformation:DescribeStackResourceDrifts', pages, 'StackResourceDrifts');
  return {
    status: status === 'DETECTION_COMPLETE' ? 'complete' : 'failed',
    reason: answer.DetectionStatusReason,
    resources: rows.map(resourceDriftOf),
  };
}

function resourceDriftOf(row: StackResourceDrift): ResourceDrift {
  return {
    logicalId: required(row.LogicalResourceId, 'LogicalResourceId'),
    id: row.PhysicalResourceId || undefined,
    type: required(row.ResourceType, 'ResourceType'),
    status: required(row.StackResourceDriftStatus, 'StackResourceDriftStatus'),
    properties: (row.PropertyDifferences ?? []).map(({ PropertyPath, ExpectedValue, ActualValue }) => ({
      path: required(PropertyPath, 'PropertyPath'),
      expected: ExpectedValue ?? '', // a property that was added has no expected value
      actual: ActualValue ?? '',
    })),
  };
}
