import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, refusal, type Stage, stage } from './acme.ts';
import { PLAN_JOB } from './an-issuer.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

describe('a seeded tenant', () => {
  it('has the roles of its duties, with their trust as IAM sends it', async () => {
    const { Role } = await new IAMClient(on.as(on.acme)).send(
      new GetRoleCommand({ RoleName: 'td-prod-deploy' }),
    );
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${ACME}:role/td/prod/td-prod-deploy`,
      Path: '/td/prod/',
      MaxSessionDuration: 3600,
      Tags: [
        { Key: 'tenant', Value: 'acme' },
        { Key: 'environment', Value: 'prod' },
      ],
    });
    const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
    expect(trust.Statement[0].Condition.StringEquals).toMatchObject({
      'token.actions.githubusercontent.com:environment': 'acme-prod',
      'token.actions.githubusercontent.com:repository_id': ['456789', '700002'],
    });
    const absent = new IAMClient(on.as(on.acme)).send(new GetRoleCommand({ RoleName: 'td-nothing' }));
    expect(await refusal(absent)).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });

  it('has its subnets in the zones that were agreed, found by filter', async () => {
    const ec2 = new EC2Client(on.as(on.acme));
    const { Subnets = [] } = await ec2.send(
      new DescribeSubnetsCommand({
        Filters: [
          { Name: 'tag:layer', Values: ['app'] },
          { Name: 'availability-zone-id', Values: ['euw1-az2'] },
        ],
      }),
    );
    expect(Subnets).toMatchObject([
      { SubnetId: 'subnet-0acme00app0000002', AvailabilityZone: 'eu-west-1b', MapPublicIpOnLaunch: false },
    ]);
  });

  it('has its service running a placeholder, behind its target group, at the agreed capacity', async () => {
    const ecs = new ECSClient(on.as(on.acme));
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
    );
    expect(services).toMatchObject([{ serviceName: 'orders', status: 'ACTIVE', desiredCount: 2 }]);
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: services[0]?.taskDefinition }),
    );
    expect(taskDefinition?.containerDefinitions?.[0]?.image).toMatch(/^127\.0\.0\.1:\d+\/base\/node@sha256:/);
    const { TargetGroups = [] } = await new ElasticLoadBalancingV2Client(on.as(on.acme)).send(
      new DescribeTargetGroupsCommand({ Names: ['acme-prod-orders'] }),
    );
    expect(services[0]?.loadBalancers?.[0]?.targetGroupArn).toBe(TargetGroups[0]?.TargetGroupArn);
    const { ScalableTargets } = await new ApplicationAutoScalingClient(on.as(on.acme)).send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ResourceIds: ['service/acme-prod/orders'],
      }),
    );
    expect(ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 6 }]);
  });

  it('denies a role what its policies do not allow, in the words of AWS, and keeps what was denied', async () => {
    const gate = new ECSClient(on.as(await on.assume('gate', PLAN_JOB)));
    await gate.send(new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }));
    const refused = gate.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'acme-prod-orders:9' }));
    expect(await refusal(refused)).toEqual({
      name: 'AccessDeniedException',
      status: 403,
      message: `User: arn:aws:sts::${ACME}:assumed-role/td-prod-gate/td-acme-prod-1-1 is not authorized to perform: ecs:DeregisterTaskDefinition on resource: * because no identity-based policy allows the ecs:DeregisterTaskDefinition action`,
    });
    expect(on.aws.denied().map(({ ask }) => ask.action)).toEqual(['ecs:DeregisterTaskDefinition']);
  });

  it('does not see what another tenant has', async () => {
    const ecr = new ECRClient(on.as(on.globex));
    expect(
      await refusal(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['acme/orders'] }))),
    ).toMatchObject({
      name: 'RepositoryNotFoundException',
    });
    const { services = [], failures = [] } = await new ECSClient(on.as(on.globex)).send(
      new DescribeServicesCommand({ cluster: 'globex-prod', services: ['billing', 'orders'] }),
    );
    expect([services.map(({ serviceName }) => serviceName), failures]).toMatchObject([
      ['billing'],
      [{ reason: 'MISSING' }],
    ]);
  });
});
