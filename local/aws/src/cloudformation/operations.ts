import type { Handler } from '../world/service.ts';
import { createChangeSet } from './change-set/create.ts';
import { describeChangeSet, listChangeSets } from './change-set/describe.ts';
import { deleteChangeSet, executeChangeSet } from './change-set/execute.ts';
import {
  describeStackDriftDetectionStatus,
  describeStackResourceDrifts,
  detectStackDrift,
} from './drift/detect.ts';
import { cancelUpdateStack, continueUpdateRollback, createStack, updateStack } from './stack/change.ts';
import { deleteStack } from './stack/delete.ts';
import { describeStacks, listStacks } from './stack/describe.ts';
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './stack/describe-resources.ts';
import { getStackPolicy, setStackPolicy, updateTerminationProtection } from './stack/protect.ts';
import { rollbackStack } from './stack/rollback.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './stack/templates.ts';

/** Every operation of CloudFormation that is here. */
export const operations = {
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
  RollbackStack: rollbackStack,
  SetStackPolicy: setStackPolicy,
  UpdateStack: updateStack,
  UpdateTerminationProtection: updateTerminationProtection,
  ValidateTemplate: validateTemplate,
} satisfies Readonly<Record<string, Handler>>;
