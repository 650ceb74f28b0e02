import type { operations } from '../cloudformation/operations.ts';
import { cloudformationRules } from '../cloudformation/rules.ts';
import type { Handler, Service } from '../world/service.ts';

type Name = keyof typeof operations;

/** The compiler says which one is missing. */
const NAMES: Readonly<Record<Name, true>> = {
  CancelUpdateStack: true,
  ContinueUpdateRollback: true,
  CreateChangeSet: true,
  CreateStack: true,
  DeleteChangeSet: true,
  DeleteStack: true,
  DescribeChangeSet: true,
  DescribeStackDriftDetectionStatus: true,
  DescribeStackEvents: true,
  DescribeStackResource: true,
  DescribeStackResourceDrifts: true,
  DescribeStackResources: true,
  DescribeStacks: true,
  DetectStackDrift: true,
  ExecuteChangeSet: true,
  GetStackPolicy: true,
  GetTemplate: true,
  GetTemplateSummary: true,
  ListChangeSets: true,
  ListStackResources: true,
  ListStacks: true,
  RollbackStack: true,
  SetStackPolicy: true,
  UpdateStack: true,
  UpdateTerminationProtection: true,
  ValidateTemplate: true,
};

/** AWS CloudFormation: stacks that really make, change and remove what the other services here have. Loaded when a stack is first asked for. */
export const cloudformation: Service = {
  name: 'cloudformation',
  sdk: '@aws-sdk/client-cloudformation',
  operations: Object.fromEntries(
    (Object.keys(NAMES) as Name[]).map((name) => [name, onceAsked(name)]), // its own keys
  ),
  rules: cloudformationRules,
};

function onceAsked(name: Name): Handler {
  return async (input, call) => {
    const { operations: all } = await import('../cloudformation/operations.ts');
    const handler: Handler = all[name];
    return handler(input, call);
  };
}
