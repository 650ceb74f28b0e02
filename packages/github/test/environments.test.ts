import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { environments } from '../src/actions/environments.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
  stage.github.setEnvironment(ORDERS, {
    name: 'acme-prod-approval',
    reviewers: [200001],
    preventSelfReview: true,
    adminsBypass: false,
  });
  stage.github.setEnvironment(ORDERS, { name: 'acme-prod', branches: ['main'], tags: ['v*'] });
});
afterAll(() => stage.close());

describe('environments', () => {
  it('are read with everything that protects them', async () => {
    expect(await environments(await stage.asJob()).protectionOf(ORDERS, 'acme-prod-approval')).toEqual({
      name: 'acme-prod-approval',
      adminsMayBypass: false,
      reviewers: {
        kind: 'required',
        people: [{ id: 200001, login: 'lead-ben' }],
        teams: [],
        preventSelfReview: true,
      },
      branches: { kind: 'any' },
    });
    expect(await environments(await stage.asJob()).protectionOf(ORDERS, 'acme-prod')).toMatchObject({
      reviewers: { kind: 'none' },
      adminsMayBypass: true,
      branches: { kind: 'patterns', branches: ['main'], tags: ['v*'] },
    });
  });

  it('that do not exist are absent; one that cannot be read is a failure', async () => {
    expect(await environments(await stage.asJob()).protectionOf(ORDERS, 'acme-prod-aproval')).toBe('absent');
    await expect(
      environments(await stage.asJob({ contents: 'read' })).protectionOf(ORDERS, 'acme-prod'),
    ).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
    stage.github.fail({ path: `/repos/${ORDERS}/environments/acme-prod`, kind: 'empty-reply' });
    await expect(environments(await stage.asJob()).protectionOf(ORDERS, 'acme-prod')).rejects.toMatchObject({
      code: 'GITHUB_ANSWER_INCOMPLETE',
    });
  });

  it('name every branch that may deploy, on however many pages', async () => {
    const branches = Array.from({ length: 205 }, (_, n) => `release/${n}`);
    stage.github.setEnvironment(ORDERS, { name: 'many', branches });
    expect(await environments(await stage.asJob()).protectionOf(ORDERS, 'many')).toMatchObject({
      branches: { branches },
    });
  });
});
