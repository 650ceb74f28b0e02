import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { repositorySettings } from '../src/repositories/settings.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

const tokenOf = (login: string) => stage.github.world.users.get(login)?.token ?? '';
const asked = async (login: string, repository = ORDERS) =>
  repositorySettings(await stage.clientFor(tokenOf(login))).settingsOf(repository);

it('tells the plan to the owner of the organisation alone', async () => {
  expect(await asked('acme')).toEqual({ visibility: 'private', plan: 'enterprise' });
  expect(await asked('dev-ana')).toEqual({ visibility: 'private', plan: undefined });
});

it('knows nothing of a repository that the token does not see', async () => {
  expect(await asked('lead-ben')).toBeUndefined();
  expect(await asked('acme', 'acme/none')).toBeUndefined();
});
