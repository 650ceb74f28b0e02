import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contractOfSize, SHAPES, type Shape } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { type Stack, stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { ecsStore } from '../src/ecs/store.ts';
import { scalableTargetsOf } from '../src/services/application-autoscaling.ts';
import { seedBaseImages } from '../src/services/ecr.ts';
import { ACCOUNT, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

const shape = contractOfSize(SHAPES['1/1/1'] as Shape);
const released = {
  provider: 'OWNER/tenant-delivery',
  publishers: ['arn:aws:iam::999999999999:role/publisher'],
  releases: shape.releases ?? [],
};
type Template = Stack['template'];

let stage: StackStage;
let stacks: readonly Stack[];
let serviceRole: string;
beforeAll(async () => {
  stage = await stackStage();
  const { current } = await seedBaseImages(stage.aws.world, ACCOUNT, REGION);
  const { prod } = shape.environments;
  if (!prod) throw new Error('the contract has no environment prod');
  const contract = {
    ...shape,
    environments: { prod: { ...prod, probe: { image: `base/node@${current}` } } },
  };
  const rendered = renderEnvironment(contract, 'prod', released);
  stacks = stacksOf(contract, 'prod', rendered);
  const role = rendered.roles.find(({ kind }) => kind === 'cloudformation');
  serviceRole = `arn:aws:iam::${ACCOUNT}:role${role?.path}${role?.name}`;
});
afterAll(() => stage.aws.close());

/** Stacks that a workflow makes, by CloudFormation's own role. The administrator makes the others. */
const BY_WORKFLOW: readonly string[] = ['prod-network', 'prod-orders-0'];

const outputs: Record<string, string> = {};

/** What a service's stack takes from the network's. */
const parametersOf = (template: Template | undefined) =>
  Object.keys(template?.Parameters ?? {}).map((ParameterKey) => ({
    ParameterKey,
    ParameterValue:
      outputs[ParameterKey] ?? outputs[`${ParameterKey}App`] ?? outputs[`${ParameterKey}AppId`] ?? '',
  }));

it.each(['account', 'prod-provisioning', 'prod-foundation', 'prod-network', 'prod-orders-0'])(
  'td-acme-%s is made',
  async (called) => {
    const name = `td-acme-${called}`;
    const template = stacks.find((one) => one.name === name)?.template;
    if (!template) throw new Error(`no stack ${name} is rendered`);
    await stage.plan(name, template, {
      ChangeSetType: 'CREATE',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: parametersOf(template),
      ...(BY_WORKFLOW.includes(called) && { RoleARN: serviceRole }),
    });
    const stack = await stage.execute(name);
    const events = await stage.events(name);
    expect(events.filter((one) => one.includes('FAILED'))).toEqual([]);
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const { drifts } = await stage.drift(name);
    const differing = drifts.flatMap(({ LogicalResourceId, PropertyDifferences = [] }) =>
      PropertyDifferences.map(({ PropertyPath }) => `${LogicalResourceId}${PropertyPath}`),
    );
    // the template names a family, and the service runs a revision of it
    expect(differing).toEqual(called === 'prod-orders-0' ? ['Service/TaskDefinition'] : []);
    for (const { OutputKey = '', OutputValue = '' } of stack.Outputs ?? []) outputs[OutputKey] = OutputValue;
  },
);

it('the service runs as many tasks as its range asks for, in different zones', async () => {
  const services = Object.values(ecsStore(stage.aws.world, ACCOUNT, REGION).services);
  for (let looks = 0; looks < 500 && !services.every(({ steady }) => steady); looks += 1)
    await stage.aws.clock.sleep(2_000);
  const [service] = services;
  const healthy = service?.tasks.filter((task) => task.healthy) ?? [];
  expect(healthy.map(({ subnet }) => subnet.zoneId).sort()).toEqual(['euw1-az1', 'euw1-az2']);
});

it('a later change of its stack leaves the revision alone that a delivery brought', async () => {
  const ecs = ecsStore(stage.aws.world, ACCOUNT, REGION);
  const operator = stage.aws.addAccount(ACCOUNT, 'delivery');
  const client = new ECSClient({ endpoint: stage.aws.url, region: REGION, credentials: operator });
  const [service] = Object.values(ecs.services);
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service?.settings.taskDefinition ?? '' }),
  );
  const {
    family = '',
    containerDefinitions,
    cpu,
    memory,
    networkMode,
    requiresCompatibilities,
    executionRoleArn,
  } = taskDefinition ?? {};
  const registered = await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions,
      cpu,
      memory,
      networkMode,
      requiresCompatibilities,
      executionRoleArn,
    }),
  );
  const delivered = registered.taskDefinition?.taskDefinitionArn ?? '';
  await client.send(
    new UpdateServiceCommand({
      cluster: service?.cluster,
      service: service?.name,
      taskDefinition: delivered,
    }),
  );
  const name = 'td-acme-prod-orders-0';
  const template = stacks.find((one) => one.name === name)?.template;
  const Resources = JSON.parse(
    JSON.stringify(template?.Resources).replace(
      '"HealthCheckGracePeriodSeconds":60',
      '"HealthCheckGracePeriodSeconds":90',
    ),
  );
  await stage.plan(
    name,
    { ...template, Resources },
    { Capabilities: ['CAPABILITY_NAMED_IAM'], Parameters: parametersOf(template) },
  );
  expect((await stage.execute(name)).StackStatus).toBe('UPDATE_COMPLETE');
  const [after] = Object.values(ecs.services);
  expect(after?.settings).toMatchObject({ taskDefinition: delivered, gracePeriodSeconds: 90 });
});

it('the stack of a service takes its tasks along, and leaves its images and revisions', async () => {
  const { StackId = '' } = await stage.settled('td-acme-prod-orders-0');
  await stage.client.send(new DeleteStackCommand({ StackName: 'td-acme-prod-orders-0' }));
  const events = await stage.settled(StackId).then(() => stage.events(StackId));
  expect(events.at(-1)).toBe('td-acme-prod-orders-0 DELETE_COMPLETE');
  expect(events.filter((one) => one.includes('DELETE_SKIPPED'))).toEqual(
    expect.arrayContaining(['Repository DELETE_SKIPPED', 'TaskDefinition DELETE_SKIPPED']),
  );
  expect(ecsStore(stage.aws.world, ACCOUNT, REGION).services).toEqual({});
  expect(scalableTargetsOf(stage.aws.world, ACCOUNT, REGION)).toEqual({});
});

it('the stack of the network does not go while its balancer is protected', async () => {
  await stage.client.send(new DeleteStackCommand({ StackName: 'td-acme-prod-network' }));
  const { StackStatus, StackStatusReason } = await stage.settled('td-acme-prod-network');
  expect(StackStatus).toBe('DELETE_FAILED');
  expect(StackStatusReason).toBe('The following resource(s) failed to delete: [Balancer].');
});
