import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { backupJobs } from '@tenant-delivery/aws/backup/backup-jobs';
import { backupReader } from '@tenant-delivery/aws/backup/backup-reader';
import { copyReader } from '@tenant-delivery/aws/backup/copy-reader';
import { existingResources } from '@tenant-delivery/aws/cloudcontrol/existing-resources';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { resourceTrail } from '@tenant-delivery/aws/cloudtrail/resource-trail';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { tunnelReader } from '@tenant-delivery/aws/ec2/tunnel-reader';
import { zoneReader } from '@tenant-delivery/aws/ec2/zone-reader';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { balancerProtection } from '@tenant-delivery/aws/elb/balancer-protection';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { type InMemoryDelivery, inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { MINUTE, type Part } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ec2Of } from '@tenant-delivery/local-aws/ec2/state';
import { seedBaseImages } from '@tenant-delivery/local-aws/services/ecr';
import { inputs } from '@tenant-delivery/provision-environment/inputs';
import { readGiven } from '@tenant-delivery/provision-environment/read-given';
import { run } from '@tenant-delivery/provision-environment/run';
import { contractOfSize } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { getBytes, putDocument } from '@tenant-delivery/vault/objects';

jest.setTimeout(120_000);

const SCALE = 600; // times faster than a clock: a network takes its minutes, and a busy machine no hours
const PLACE = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  role: 'customer',
  via: 'environment-review',
} as const;

let aws: LocalAws;
let delivery: InMemoryDelivery;
let contract: TenantContract;
const issues: string[] = [];

beforeAll(async () => {
  aws = await startLocalAws({ scale: SCALE, runtime: 'simulated' });
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  const { current } = await seedBaseImages(aws.world, PLACE.account, PLACE.region);
  const shape = contractOfSize({ services: 1, repositories: 1, releases: 1, longest: false });
  const { prod } = shape.environments;
  if (!prod?.network) throw new Error('the contract has a network');
  const { links: _, ...network } = prod.network;
  const layerEdges = prod.layerEdges.filter(({ from }) => from !== 'hq');
  contract = {
    ...shape,
    publishers: ['arn:aws:iam::999999999999:role/publisher'],
    environments: { prod: { ...prod, network, layerEdges, probe: { image: `base/node@${current}` } } },
  };
  delivery = await inMemoryDelivery({ clock: aws.clock, contract: () => contract });
  await byHand('td-acme-prod-provisioning');
});
afterAll(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await aws.close();
});

/** A stack that the account's administrator makes, by his own rights. */
async function byHand(name: string): Promise<void> {
  const released = {
    provider: 'OWNER/tenant-delivery',
    releases: contract.releases ?? [],
    publishers: contract.publishers ?? [],
  };
  const rendered = renderEnvironment(contract, PLACE.environment, released);
  const found = stacksOf(contract, PLACE.environment, rendered).find((stack) => stack.name === name);
  const { stacks } = await worldFor(fakeRunner()).apply();
  const executor = stacks(PLACE.region);
  const client = new CloudFormationClient({
    endpoint: aws.url,
    region: PLACE.region,
    credentials: aws.addAccount(PLACE.account),
  });
  await client.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify(found?.template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  while ((await executor.describe(name))?.status === 'CREATE_IN_PROGRESS') await aws.clock.sleep(5_000);
  expect(await executor.describe(name)).toMatchObject({ status: 'CREATE_COMPLETE' });
}

function worldFor(runner: ReturnType<typeof fakeRunner>) {
  const credentials = aws.addAccount(PLACE.account);
  const base = { region: PLACE.region, local: true, scale: SCALE, userAgent: 'tenant-delivery' };
  const session = {
    clientConfig: (_: string, attempts?: number) => clientConfig(base, credentials, attempts),
  };
  const { operations } = contract;
  const alarms = (region: string) => cloudwatchAlarms(session, 'provision-plan', region);
  const delivered = delivery.as('provision', {
    runner,
    claims: {
      repository: operations.repository,
      repositoryId: String(operations.repositoryId),
      repositoryOwnerId: String(operations.ownerId),
      jobWorkflowRef: 'OWNER/tenant-delivery/.github/workflows/provision.yml@refs/tags/v1.12.0',
    },
  });
  const recording = { ...delivered, alarms, copies: copyReader(session, 'provision-plan') };
  const services = ecsServices(session, 'provision');
  const stacks = (region: string) => stackPlanner(session, 'provision-plan', region);
  const settings = async () => ({ byHand: 'the contract names no githubApp' });
  const looks = {
    services,
    targets: elbv2Targets(session, 'provision'),
    surroundings: preflightReader(session, 'provision'),
    tunnels: tunnelReader(session, 'provision'),
    settings,
  };
  return {
    runner,
    plan: async () => ({
      ...recording,
      stacks,
      existing: (region: string) => existingResources(session, 'provision-plan', region),
      services,
      settings,
      backups: backupReader(session, 'provision-plan'),
      zones: zoneReader(session, 'provision-plan'),
    }),
    settle: async () => ({ ...recording, stacks, runs: async () => ({ approvalsOf: async () => [] }) }),
    apply: async () => ({
      ...recording,
      ...looks,
      stacks: (region: string) => stackExecutor(session, 'provision', region),
      balancers: balancerProtection(session, 'provision'),
      backups: backupJobs(session, 'provision'),
    }),
    verify: async () => ({ ...recording, ...looks, stacks }),
    observe: async () => ({
      ...recording,
      stacks,
      trail: (region: string) => resourceTrail(session.clientConfig('read'), region),
      settings: undefined,
      reports: { write: async (name: string) => name },
      issues: async () => ({
        openAll: async () => [],
        openOne: async () => undefined,
        create: async (_: string, __: string, body: string) => {
          issues.push(body);
          return { number: 1, url: 'https://github.test/1', body };
        },
        update: async () => {},
        comment: async () => {},
      }),
    }),
  };
}

async function act(mode: string, part: Part, more: Readonly<Record<string, string>> = {}) {
  const runner = fakeRunner({
    inputs: {
      ...PLACE,
      ...{
        mode,
        part,
        kind: 'provision',
        'job-status': 'success',
        'timeout-minutes': '350',
        'github-token': 'x',
        'reader-app-id': '',
        'reader-app-key': '',
      },
      ...more,
    },
  });
  const outcome = await run(readGiven(runner, inputs), worldFor(runner));
  return { outcome, runner, change: runner.outputs['change'] ?? '' };
}

async function find(change: string, part: Part) {
  const world = await worldFor(fakeRunner()).plan();
  return resumeChange(delivery.as('approve'), await admitStacks(world, { ...PLACE, part }), change);
}

/** Plans, approves as approve-change does, and applies. */
async function carriedOut(part: Part, kind: 'provision' | 'withdrawal' = 'provision') {
  const planned = await act('plan', part, { kind });
  if (planned.outcome.outcome !== 'planned') throw new Error(planned.outcome.headline);
  const change = await find(planned.change, part);
  const document = await putDocument(delivery.vault, { approved: change.id });
  const plan = change.evidence('plan');
  await change.append('approved', {
    actor: LEAD_BEN,
    evidence: { approvals: document, 'environment-protection': document },
    ...(plan && { plan }),
  });
  const applied = await act('apply', part, { change: change.id });
  if (applied.outcome.outcome !== 'applied') throw new Error(applied.outcome.headline);
  return { ...applied, plan: await change.document('plan', StackPlan) };
}

async function republish() {
  contract.serial += 1;
  const key = contractKey(PLACE.environment);
  const before = await delivery.vault.read(key);
  await delivery.vault.replace(
    key,
    await sealContract(contract, delivery.signers.contract),
    before?.version ?? '',
  );
}

/** Does this while the role that makes stacks may not do that. */
async function denied(Action: string, act: () => Promise<void>): Promise<void> {
  const iam = new IAMClient({
    endpoint: aws.url,
    region: PLACE.region,
    credentials: aws.addAccount(PLACE.account),
  });
  const denial = { RoleName: 'td-prod-cloudformation', PolicyName: 'denial' };
  const Statement = [{ Effect: 'Deny', Action, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ ...denial, PolicyDocument }));
  await act();
  await iam.send(new DeleteRolePolicyCommand(denial));
}

it('takes away a network whose listener fails after its protected balancer, and the next run makes it', async () => {
  await denied('elasticloadbalancing:CreateListener', async () => {
    await expect(carriedOut('network')).rejects.toThrow(
      /td-acme-prod-network is DELETE_COMPLETE\. Listener .* failed: .*CreateListener/,
    );
  });
  expect(Object.keys(balancerStore(aws.world, PLACE.account, PLACE.region).balancers)).toEqual([]);
  const { vpcs, addresses, subnets } = ec2Of(aws.world, PLACE.account, PLACE.region);
  expect([vpcs, addresses, subnets].map((left) => Object.keys(left))).toEqual([[], [], []]);
});

it('makes the network of a contract, proves it, and tells its addresses', async () => {
  const { outcome, runner } = await carriedOut('network');
  expect(outcome).toMatchObject({ outcome: 'applied', facts: { state: 'closed' } });
  expect(Object.keys(JSON.parse(runner.outputs['addresses'] ?? ''))).toEqual([
    'euw1-az1',
    'euw1-az2',
    'euw1-az3',
  ]);
});

it('takes away a service that fails after its task definition, which alone stays and is in nobody’s way', async () => {
  await denied('ecs:CreateService', async () => {
    await expect(carriedOut('services')).rejects.toThrow(
      /td-acme-prod-orders-0 is DELETE_COMPLETE\. Service .* failed: .*ecs:CreateService/,
    );
  });
  const { balancers, targetGroups } = balancerStore(aws.world, PLACE.account, PLACE.region);
  const rules = Object.values(balancers).flatMap(({ listeners }) => listeners.flatMap(({ rules }) => rules));
  expect(rules.map(({ priority }) => priority)).toEqual(['default']);
  expect(Object.keys(targetGroups)).toEqual([]);
});

it('makes its service, with a placeholder that is healthy in as many zones as it has tasks', async () => {
  const { outcome } = await carriedOut('services');
  expect(outcome).toMatchObject({ outcome: 'applied', facts: { state: 'closed' } });
  expect((await act('plan', 'services')).outcome.outcome).toBe('unchanged');
});

it('changes one rule in place when the contract says so, and shows its value before and after', async () => {
  const provision = contract.environments['prod']?.services['orders-0']?.provision;
  Object.assign(provision ?? {}, { healthPath: '/up', size: { cpu: 512, memory: 1024 } });
  await republish();
  const { outcome, plan } = await carriedOut('services');
  const [stack] = plan.stacks;
  expect(stack?.changes.find(({ logicalId }) => logicalId === 'TargetGroup')).toMatchObject({
    action: 'modify',
    properties: [{ path: '/HealthCheckPath', before: '/health', after: '/up' }],
  });
  expect(stack?.changes.map(({ type }) => type)).not.toContain('AWS::ECS::TaskDefinition'); // the size is a delivery's
  expect(outcome.outcome).toBe('applied');
});

it('refuses another range of the VPC before anybody is asked', async () => {
  const { vpc } = contract.environments['prod'] ?? {};
  Object.assign(vpc ?? {}, { cidr: '10.0.0.0/18' });
  await republish();
  const { outcome } = await act('plan', 'network');
  expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
  expect(outcome.headline).toMatch(/Vpc of td-acme-prod-network .*would be replaced, by \/CidrBlock/);
  Object.assign(vpc ?? {}, { cidr: '10.0.0.0/16' });
  await republish();
});

it('finds nothing that drifted in what it made', async () => {
  const { outcome } = await act('observe', 'network');
  expect(outcome).toMatchObject({ outcome: 'clean' });
  expect((await act('observe', 'services')).outcome).toMatchObject({ outcome: 'clean' });
  expect(issues).toEqual([]);
});

it('names what somebody changed by hand, and who it was', async () => {
  const iam = new IAMClient({
    endpoint: aws.url,
    region: PLACE.region,
    credentials: aws.addAccount(PLACE.account, 'eve'),
  });
  const role = { RoleName: 'acme-prod-orders-0-execution', MaxSessionDuration: 43_200 };
  await iam.send(new UpdateRoleCommand(role));
  await aws.clock.sleep(15 * MINUTE); // CloudTrail tells an event within about fifteen minutes
  const { outcome } = await act('observe', 'services');
  expect(outcome).toMatchObject({ outcome: 'drifted', reasonCode: 'STACKS_DRIFTED' });
  expect(outcome.summary).toContain('/MaxSessionDuration is 43200, not 3600');
  expect(issues.join('')).toMatch(/By `arn:aws:iam::000011112222:user\/eve`, `iam.amazonaws.com UpdateRole`/);
  await iam.send(new UpdateRoleCommand({ ...role, MaxSessionDuration: 3600 }));
});

it('withdraws services and network, and proves what is gone and what stayed', async () => {
  const services = await carriedOut('services', 'withdrawal');
  expect(services.outcome).toMatchObject({ outcome: 'applied', facts: { state: 'closed' } });
  const network = await carriedOut('network', 'withdrawal');
  expect(network.outcome).toMatchObject({ outcome: 'applied', facts: { state: 'closed' } });
  const bytes = await getBytes(delivery.vault, network.runner.outputs['report'] as `sha256:${string}`);
  const { proof } = JSON.parse(Buffer.from(bytes as Uint8Array).toString());
  expect([proof.left, proof.unplanned]).toEqual([[], []]);
  expect(new Set(proof.kept.map(({ type }: { type: string }) => type))).toEqual(
    new Set(['AWS::EC2::EIP', 'AWS::EC2::Subnet', 'AWS::EC2::VPC', 'AWS::Logs::LogGroup']),
  );
  expect(await (await worldFor(fakeRunner()).plan()).stacks(PLACE.region).names('td-acme-')).toEqual([
    'td-acme-prod-provisioning', // which no workflow takes away
  ]);
});
