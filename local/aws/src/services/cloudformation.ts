import { createChangeSet } from '../cloudformation/change-set/create.ts';
import { describeChangeSet, listChangeSets } from '../cloudformation/change-set/describe.ts';
import { deleteChangeSet, executeChangeSet } from '../cloudformation/change-set/execute.ts';
import {
  describeStackDriftDetectionStatus,
  describeStackResourceDrifts,
  detectStackDrift,
} from '../cloudformation/drift/detect.ts';
import {
  cancelUpdateStack,
  continueUpdateRollback,
  createStack,
  updateStack,
} from '../cloudformation/stack/change.ts';
import { deleteStack } from '../cloudformation/stack/delete.ts';
import { describeStacks, listStacks } from '../cloudformation/stack/describe.ts';
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
} from '../cloudformation/stack/describe-resources.ts';
import {
  getStackPolicy,
  setStackPolicy,
  updateTerminationProtection,
} from '../cloudformation/stack/protect.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from '../cloudformation/stack/templates.ts';
import type { Service } from '../world/service.ts';

export { resumeCloudFormation } from '../cloudformation/engine/engine.ts';

/** AWS CloudFormation: stacks that really make, change and remove what the other services here have. */
export const cloudformation: Service = {
  name: 'cloudformation',
  sdk: '@aws-sdk/client-cloudformation',
  operations: {
    CancelUpdateStack: cancelUpdateStack,
    ContinueUpdateRollback: continueUpdateRollback,
    CreateChangeSet: createChangeSet,
    CreateStack: createStack,
    DeleteChangeSet: deleteChangeSet,
    DeleteStack: deleteStack,
    DescribeChangeSet: describeChangeSet,
    DescribeStackDriftDetectionStatus: describeStackDriftDetectionStatus,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResourceDrifts: describeStackResourceDrifts,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    DetectStackDrift: detectStackDrift,
    ExecuteChangeSet: executeChangeSet,
    GetStackPolicy: getStackPolicy,
    GetTemplate: getTemplate,
    GetTemplateSummary: getTemplateSummary,
    ListChangeSets: listChangeSets,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    SetStackPolicy: setStackPolicy,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
    ValidateTemplate: validateTemplate,
  },
};
