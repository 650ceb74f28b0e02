import { expect, it } from '@jest/globals';
import { actionsSecrets } from '../src/secrets/actions-secrets.ts';
import { asking } from '../src/session/ask.ts';

const HOME = { kind: 'repository', repository: 'acme/orders' } as const;
const SECRET = { name: 'AWS_KEY_ID_A', updated_at: '2026-11-25T08:00:00Z' };

it('takes a list of secrets that is not whole for no answer: one that is missing there is not absent', async () => {
  const clock = { now: () => 0, sleep: async () => {} };
  const find = (total: number) => {
    const request = async () => ({ data: { total_count: total, secrets: [SECRET] } });
    const change = async () => ({ kind: 'unknown' }) as const;
    return actionsSecrets({ ask: asking(request, clock), change }, HOME).find(['aws_key_id_a', 'OTHER']);
  };
  expect(await find(1)).toEqual([{ updatedAt: SECRET.updated_at, sharing: undefined }, 'absent']);
  await expect(find(2)).rejects.toMatchObject({ code: 'GITHUB_ANSWER_INCOMPLETE' });
});
