import {
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  RollbackStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { balancerStore } from '../src/balancer/store.ts';
import { ec2Of } from '../src/ec2/state.ts';
import { ACCOUNT, group, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
  await stage.plan('taken', { Resources: { A: group('/taken') } }, { ChangeSetType: 'CREATE' });
  await stage.execute('taken');
});
afterAll(() => stage.aws.close());

const kept = { DeletionPolicy: 'RetainExceptOnCreate' };
const subnet = (letter: string, CidrBlock: string) => ({
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock, AvailabilityZone: `${REGION}${letter}` },
  ...kept,
});

/** A protected balancer in a network that is kept, and after it a log group whose name is taken. */
const templateOf = (Name: string) => ({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' }, ...kept },
    One: subnet('a', '10.9.1.0/24'),
    Two: subnet('b', '10.9.2.0/24'),
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Name,
        Scheme: 'internal',
        Subnets: [{ Ref: 'One' }, { Ref: 'Two' }],
        LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
      },
    },
    Late: { ...group('/taken'), DependsOn: 'Balancer' },
  },
});

async function failed(StackName: string, more: object) {
  await stage.plan(StackName, templateOf(StackName), { ChangeSetType: 'CREATE' });
  const asked = { StackName, ChangeSetName: 'plan', RetainExceptOnCreate: true, ...more };
  await stage.client.send(new ExecuteChangeSetCommand(asked));
  return stage.settled(StackName);
}

const arnOf = (name: string) =>
  Object.values(balancerStore(stage.aws.world, ACCOUNT, REGION).balancers).find((one) => one.name === name)
    ?.arn;
const vpcs = () => Object.keys(ec2Of(stage.aws.world, ACCOUNT, REGION).vpcs);

async function lift(name: string): Promise<void> {
  const credentials = stage.aws.addAccount(ACCOUNT, 'somebody');
  const elb = new ElasticLoadBalancingV2Client({ endpoint: stage.aws.url, region: REGION, credentials });
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
  await elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arnOf(name), Attributes }));
}

it('that rolls back by itself ends in ROLLBACK_FAILED at a protected balancer, and a deletion then leaves what is kept', async () => {
  const before = vpcs().length;
  const { StackStatus, StackId } = await failed('rolls', {});
  expect(StackStatus).toBe('ROLLBACK_FAILED');
  await lift('rolls');
  await expect(stage.client.send(new RollbackStackCommand({ StackName: 'rolls' }))).rejects.toThrow(
    'is in ROLLBACK_FAILED state and can not be rolled back',
  );
  await stage.client.send(new DeleteStackCommand({ StackName: 'rolls' }));
  expect((await stage.settled(String(StackId))).StackStatus).toBe('DELETE_COMPLETE');
  expect(vpcs().length).toBe(before + 1); // nobody owns it any more
});

it('that is left as it is can be rolled back once the balancer may go, and leaves nothing', async () => {
  const before = vpcs();
  const StackName = 'stays';
  const { StackStatus, StackId } = await failed(StackName, { DisableRollback: true });
  expect(StackStatus).toBe('CREATE_FAILED');
  expect(arnOf(StackName)).toBeDefined();
  const protect = (EnableTerminationProtection: boolean) =>
    stage.client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
  const rollBack = () =>
    stage.client.send(
      new RollbackStackCommand({ StackName, RetainExceptOnCreate: true, ClientRequestToken: 'again' }),
    );
  await protect(true);
  await expect(rollBack()).rejects.toThrow('TerminationProtection is enabled');
  await protect(false);
  await lift(StackName);
  await rollBack();
  await rollBack(); // its token makes both one
  expect((await stage.settled(String(StackId))).StackStatus).toBe('DELETE_COMPLETE');
  expect(arnOf(StackName)).toBeUndefined();
  expect(vpcs()).toEqual(before);
});
