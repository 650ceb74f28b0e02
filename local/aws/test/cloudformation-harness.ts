import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  type Stack,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { logStore } from '../src/logs/state.ts';

export const ACCOUNT = '000011112222';
export const REGION = 'eu-west-1';

/** A world in which stacks take milliseconds, and whoever administers its account. */
export interface StackStage {
  readonly aws: LocalAws;
  readonly client: CloudFormationClient;
  /** Makes a change set and waits until it is there. */
  plan(stack: string, template: object, more?: Partial<CreateChangeSetCommandInput>): Promise<void>;
  /** Executes it and waits for the stack's last status. */
  execute(stack: string): Promise<Stack>;
  settled(stack: string): Promise<Stack>;
  /** Compares the stack with what is there. */
  drift(stack: string): Promise<{
    readonly status: string | undefined;
    readonly drifts: readonly StackResourceDrift[];
  }>;
  /** `LogicalId STATUS reason`, oldest first. */
  events(stack: string): Promise<readonly string[]>;
}

/** A log group that a template asks for. */
export const group = (name: string, days?: number, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: name, ...(days !== undefined && { RetentionInDays: days }) },
  ...more,
});

/** Retention of the log groups that are there, by name. */
export function groupsIn({ aws }: StackStage): Readonly<Record<string, number | undefined>> {
  const all = Object.values(logStore(aws.world, ACCOUNT, REGION).groups);
  return Object.fromEntries(all.map(({ name, retentionInDays }) => [name, retentionInDays]));
}

export async function stackStage(options: Parameters<typeof startLocalAws>[0] = {}): Promise<StackStage> {
  return stageIn(await startLocalAws({ scale: 2_000, runtime: 'simulated', ...options }), REGION);
}

/** The same in one region of a world. */
export function stageIn(aws: LocalAws, region: string): StackStage {
  const credentials = aws.addAccount(ACCOUNT);
  const client = new CloudFormationClient({ endpoint: aws.url, region, credentials, maxAttempts: 1 });
  const stackOf = async (name: string) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0] as Stack; // the call fails where there is none
  };
  const settled = async (name: string) => {
    for (let looks = 0; looks < 500; looks += 1) {
      const stack = await stackOf(name);
      if (!stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
      await aws.clock.sleep(2_000);
    }
    throw new Error(`${name} does not settle`);
  };
  return {
    aws,
    client,
    settled,
    plan: async (StackName, template, more = {}) => {
      const named = { StackName, ChangeSetName: more.ChangeSetName ?? 'plan' };
      const TemplateBody = JSON.stringify(template);
      await client.send(new CreateChangeSetCommand({ ...named, TemplateBody, ...more }));
      for (let looks = 0; looks < 500; looks += 1) {
        const { Status } = await client.send(new DescribeChangeSetCommand(named));
        if (Status !== 'CREATE_PENDING' && Status !== 'CREATE_IN_PROGRESS') return;
        await aws.clock.sleep(500);
      }
    },
    execute: async (StackName) => {
      const id = (await stackOf(StackName)).StackId as string; // every stack has one
      await client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'plan' }));
      return settled(id);
    },
    drift: async (StackName) => {
      const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
      const look = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId });
      let found = await client.send(look);
      while (found.DetectionStatus === 'DETECTION_IN_PROGRESS') {
        await aws.clock.sleep(1_000);
        found = await client.send(look);
      }
      const told = await client.send(new DescribeStackResourceDriftsCommand({ StackName }));
      return { status: found.StackDriftStatus, drifts: told.StackResourceDrifts ?? [] };
    },
    events: async (StackName) => {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.reverse().map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason = '' }) =>
        `${LogicalResourceId} ${ResourceStatus} ${ResourceStatusReason}`.trim(),
      );
    },
  };
}
