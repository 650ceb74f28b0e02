import { expect, it } from '@jest/globals';
import { actionsSecrets } from '../src/secrets/actions-secrets.ts';
import { githubAnswering } from './answering.ts';

const HOME = { kind: 'repository', repository: 'acme/orders' } as const;
const SECRET = { name: 'AWS_KEY_ID_A', updated_at: '2026-11-25T08:00:00Z' };

it('takes a list of secrets that is not whole for no answer: one that is missing there is not absent', async () => {
  let total = 1;
  const github = await githubAnswering(() => ({ body: { total_count: total, secrets: [SECRET] } }));
  const find = () => actionsSecrets(github.client, HOME).find(['aws_key_id_a', 'OTHER']);
  expect(await find()).toEqual([{ updatedAt: SECRET.updated_at, sharing: undefined }, 'absent']);
  total = 2;
  await expect(find()).rejects.toMatchObject({ code: 'GITHUB_ANSWER_INCOMPLETE' });
  await github.close();
});
