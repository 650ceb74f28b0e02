import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  ECSClient,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { IAMClient, ListRolesCommand, ListUsersCommand, UpdateRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stage, stage } from './acme.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

test('a token of one operation is not taken by another', async () => {
  const config = on.as(on.acme);
  const [ecs, ecr, iam] = [new ECSClient(config), new ECRClient(config), new IAMClient(config)];
  const family = {
    family: 'orders',
    containerDefinitions: [{ name: 'orders', image: 'orders', memory: 128 }],
  };
  for (const _ of [1, 2]) await ecs.send(new RegisterTaskDefinitionCommand(family));
  const definitions = await ecs.send(new ListTaskDefinitionsCommand({ maxResults: 1 }));
  const { nextToken } = definitions;
  expect(nextToken).toBeDefined();
  const second = await ecs.send(new ListTaskDefinitionsCommand({ maxResults: 1, nextToken }));
  expect(second.taskDefinitionArns).not.toEqual(definitions.taskDefinitionArns);
  await expect(ecs.send(new ListServicesCommand({ cluster: 'acme-prod', nextToken }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  const repositories = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 1 }));
  expect(repositories.nextToken).toBeDefined();
  const images = new DescribeImagesCommand({
    repositoryName: 'acme/orders',
    nextToken: repositories.nextToken,
  });
  await expect(ecr.send(images)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const { Marker } = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
  expect(Marker).toBeDefined();
  await expect(iam.send(new ListUsersCommand({ Marker }))).rejects.toMatchObject({ name: 'ValidationError' });
});

test('a refusal that repeats what XML cannot hold can still be read', async () => {
  const asked = new UpdateRoleCommand({ RoleName: 'td-prod-deploy', Description: 'one\u0001two' });
  await expect(new IAMClient(on.as(on.acme)).send(asked)).rejects.toMatchObject({ name: 'ValidationError' });
});
