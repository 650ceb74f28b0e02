import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provisioningOn } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import type { RunEvent } from '@tenant-delivery/local-github';
import { review } from '@tenant-delivery/local-github/world/approval';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { templateContracts } from '@tenant-delivery/local-platform';
import { changesIn, errorsOf, openStage } from '../stage/stage.ts';

const PROD = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' } as const;
const NETWORK = 'td-acme-prod-network';
const BOTH_SIDES = { 'withdraw / withdraw / second': 'sre-lou', 'withdraw / withdraw / approve': 'lead-ben' };

let stage: Stage;
let on: ReturnType<typeof provisioningOn>;
beforeAll(async () => {
  const contracts = templateContracts()
    .filter(({ id }) => id === 'acme')
    .map((contract) => ({
      ...contract,
      environments: Object.fromEntries(
        Object.entries(contract.environments).map(([name, one]) => [name, { ...one, adopt: true as const }]),
      ),
    }));
  stage = await openStage({ scale: 60, runtime: 'simulated', contracts });
  on = provisioningOn(stage, 'sre-kim', PROD, 'lead-ben');
}, 90_000);
afterAll(() => stage?.platform.close());

const ec2 = () => ec2Of(stage.platform.aws.world, PROD.account, PROD.region);
const cloudformation = () =>
  new CloudFormationClient({
    region: PROD.region,
    endpoint: stage.platform.aws.url,
    credentials: on.operator,
  });
const vpc = () => on.contract.environments['prod']?.vpc.id ?? '';
const group = () => on.contract.environments['prod']?.layers['app']?.securityGroups?.[0] ?? '';

function told({ result, outcome }: Delivery) {
  return { outcome, conclusion: result.conclusion, errors: errorsOf(result) };
}

/** What is there of the network, as it was before any stack. */
const before = () =>
  structuredClone({ vpcs: ec2().vpcs, subnets: ec2().subnets, groups: ec2().securityGroups });

/** Somebody else's stack takes the VPC. */
async function takenBy(StackName: string): Promise<void> {
  const aws = cloudformation();
  const named = { StackName, ChangeSetName: 'take' };
  const Vpc = { Type: 'AWS::EC2::VPC', DeletionPolicy: 'Retain', Properties: { CidrBlock: '10.20.0.0/16' } };
  const [LogicalResourceId, ResourceType] = ['Vpc', Vpc.Type];
  await aws.send(
    new CreateChangeSetCommand({
      ...named,
      ChangeSetType: 'IMPORT',
      TemplateBody: JSON.stringify({ Resources: { Vpc } }),
      ResourcesToImport: [{ LogicalResourceId, ResourceType, ResourceIdentifier: { VpcId: vpc() } }],
    }),
  );
  for (;;) {
    const { Status } = await aws.send(new DescribeChangeSetCommand(named));
    if (Status === 'CREATE_COMPLETE') break;
    await stage.platform.aws.clock.sleep(1_000);
  }
  await aws.send(new ExecuteChangeSetCommand(named));
  for (;;) {
    const { Stacks = [] } = await aws.send(new DescribeStacksCommand({ StackName }));
    if (Stacks[0]?.StackStatus === 'IMPORT_COMPLETE') return;
    await stage.platform.aws.clock.sleep(1_000);
  }
}

/** Approves the plan once something has happened after it. */
function approvingAfter(happens: () => Promise<void>): (event: RunEvent) => void {
  const { world } = stage.platform.github;
  return (event) => {
    if (event.kind !== 'job-waiting' || event.on.kind !== 'reviewers') return;
    void happens().then(() => {
      const { runs } = repositoryNamed(world, on.contract.operations.repository);
      const waiting = runs.flatMap(({ pending }) => pending).find(({ job }) => job.id === event.job.apiId);
      if (waiting) review(world, waiting.job, { state: 'approved', login: 'lead-ben', comment: '' });
    });
  };
}

describe('an import', () => {
  it('is refused for every mistake at once, and nothing is changed', async () => {
    const { subnets, securityGroups } = ec2();
    const [lost] = on.contract.environments['prod']?.layers['app']?.subnets ?? [];
    const [kept, owned] = [subnets[lost ?? ''], securityGroups[group()]];
    if (!lost || !kept || !owned) throw new Error('acme has both');
    delete subnets[lost];
    securityGroups[group()] = {
      ...owned,
      tags: { ...owned.tags, 'tenant-delivery:contract': 'globex/prod' },
    };
    const from = stage.platform.aws.calls.length;
    const run = await on.provision('network');
    subnets[lost] = kept;
    securityGroups[group()] = owned;
    expect(run.outcome).toBe('denied');
    const [error] = errorsOf(run.result);
    expect(error?.message).toContain(`layers.app.subnets: ${lost} (AWS::EC2::Subnet) is not there`);
    expect(error?.message).toContain(`${group()} has the tag tenant-delivery:contract=globex/prod`);
    expect(changesIn(stage.platform.aws.calls.slice(from))).toEqual([]);
  });

  it('is taken back whole when something went away after the approval; the next one is whole', async () => {
    const { securityGroups } = ec2();
    const owned = securityGroups[group()];
    if (!owned) throw new Error('acme has it');
    const run = await on.provision('network', {
      approveAs: {},
      onEvent: approvingAfter(async () => void delete securityGroups[group()]),
    });
    securityGroups[group()] = owned;
    expect(run.outcome).toBe('rolled-back');
    expect((await on.states('network', run.change)).at(-1)).toBe('rolled-back');
    const { Stacks = [] } = await cloudformation().send(new DescribeStacksCommand({ StackName: NETWORK }));
    expect(Stacks[0]?.StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
    const was = before();
    const again = await on.provision('network');
    expect(told(again)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(before()).toEqual(was);
  });

  it('is made once by two runs that race', async () => {
    const from = stage.platform.aws.calls.length;
    const runs = await Promise.all([on.provision('services'), on.provision('services')]);
    expect(runs.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    const executed = stage.platform.aws.calls
      .slice(from)
      .filter(({ operation }) => operation === 'ExecuteChangeSet');
    expect(executed).toHaveLength(1);
  });

  it('is withdrawn without a loss: everything that was adopted stays, in no stack', async () => {
    const was = before();
    const { services } = ecsStore(stage.platform.aws.world, PROD.account, PROD.region);
    const running = Object.values(services).map(({ arn }) => arn);
    for (const part of ['services', 'network'] as const) {
      const run = await on.start(
        'withdraw',
        { part, reason: 'Somebody else runs it' },
        { approveAs: BOTH_SIDES },
      );
      expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    }
    expect(before()).toEqual(was);
    expect(Object.values(services).map(({ arn }) => arn)).toEqual(running);
    const gone = cloudformation().send(new DescribeStacksCommand({ StackName: NETWORK }));
    await expect(gone).rejects.toThrow('does not exist');
  });

  it('is refused of what another stack took, before the plan and after the approval', async () => {
    const late = await on.provision('network', {
      approveAs: {},
      onEvent: approvingAfter(() => takenBy('landing-zone')),
    });
    expect(late.outcome).toBe('rolled-back');
    expect(JSON.stringify(errorsOf(late.result))).toMatch(/already exists in stack arn:[^ ]+landing-zone/);
    const from = stage.platform.aws.calls.length;
    const run = await on.provision('network');
    expect(run.outcome).toBe('denied');
    expect(errorsOf(run.result)[0]?.message).toContain(`vpc.id: ${vpc()} is in the stack landing-zone`);
    const changed = changesIn(stage.platform.aws.calls.slice(from));
    expect(changed.filter((call) => call !== 'cloudformation:DeleteChangeSet')).toEqual([]); // of the plan before
  });
});
