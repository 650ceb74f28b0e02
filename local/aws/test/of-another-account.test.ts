import { ECRClient, ListTagsForResourceCommand } from '@aws-sdk/client-ecr';
import { ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACME, GLOBEX, REGION, type Stage, stage } from './acme.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

test('a task gets no role of another account, even from who may pass every role', async () => {
  const ecs = new ECSClient(on.as(on.acme));
  const register = (account: string) =>
    ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'orders',
        executionRoleArn: `arn:aws:iam::${account}:role/execution`,
        containerDefinitions: [{ name: 'orders', image: 'orders', memory: 128 }],
      }),
    );
  await expect(register(GLOBEX)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: 'Cross-account pass role is not allowed.',
  });
  expect((await register(ACME)).taskDefinition?.revision).toBe(1);
});

test('a repository is not found by an ARN of another partition', async () => {
  const tagsIn = (partition: string) =>
    new ECRClient(on.as(on.acme)).send(
      new ListTagsForResourceCommand({
        resourceArn: `arn:${partition}:ecr:${REGION}:${ACME}:repository/acme/orders`,
      }),
    );
  await expect(tagsIn('aws-cn')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect((await tagsIn('aws')).tags).toBeDefined();
});
