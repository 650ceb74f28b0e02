import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ownerPlan } from '../src/repositories/owner-plan.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

const tokenOf = (login: string) => stage.github.world.users.get(login)?.token ?? '';
const asked = async (login: string, repository = ORDERS) =>
  ownerPlan(await stage.clientFor(tokenOf(login)), repository);

it('tells the plan to the owner of the organisation alone', async () => {
  expect(await asked('acme')).toBe('enterprise');
  expect(await asked('dev-ana')).toBeUndefined();
});

it('knows no plan of an owner that is no organisation', async () => {
  expect(await asked('acme', 'dev-ana/none')).toBeUndefined();
});
