import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issues } from '../src/issues/issues.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

describe('an issue', () => {
  it('is found again by its stage.first words, when a bot wrote it and it is open, and no pull request', async () => {
    const ask = issues(await stage.asJob({ issues: 'write' }));
    const forged = await fetch(`${stage.github.apiUrl}/repos/${ORDERS}/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.github.world.users.get('dev-ana')?.token}` },
      body: JSON.stringify({ title: 'mine', body: '<!-- re-gate -->' }),
    });
    expect(forged.status).toBe(201);
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toBeUndefined();
    const made = await ask.create(ORDERS, 'What runs', '<!-- re-gate -->\nfirst');
    await ask.update(ORDERS, made.number, { body: '<!-- re-gate -->\nsecond' });
    await ask.comment(ORDERS, made.number, 'news');
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toEqual({
      ...made,
      body: '<!-- re-gate -->\nsecond',
    });
    await ask.update(ORDERS, made.number, { state: 'closed' });
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toBeUndefined();
    await expect(issues(await stage.asJob()).openOne(ORDERS, 'x')).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
    });
  });

  it('is found however many others are open', async () => {
    const { create, openAll } = issues(await stage.asJob({ issues: 'write' }));
    const ours = await create(ORDERS, 'What runs', '<!-- many -->');
    for (let n = 0; n < 100; n += 1) await create(ORDERS, `Another ${n}`, 'text');
    expect(await openAll(ORDERS, '<!-- many -->')).toEqual([ours]);
  });

  it('is made once where the answer is lost, and a failure says that it is not known', async () => {
    const { create, openAll } = issues(await stage.asJob({ issues: 'write' }));
    stage.github.fail({ method: 'POST', path: `/repos/${ORDERS}/issues`, kind: 'reset-after-effect' });
    const made = create(ORDERS, 'What runs', '<!-- lost -->');
    await expect(made).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(await openAll(ORDERS, '<!-- lost -->')).toHaveLength(1);
  });

  it('that is gone, or was never there, is changed by nobody', async () => {
    const { update, comment } = issues(await stage.asJob({ issues: 'write' }));
    for (const asked of [
      () => update(ORDERS, 9999, { state: 'closed' }),
      () => comment(ORDERS, 9999, 'news'),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});
