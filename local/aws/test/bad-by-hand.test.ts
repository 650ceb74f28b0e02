import { beforeAll, describe, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { emptyAccount } from './a-network.ts';
import { BY_HAND } from './bad-by-hand.ts';

beforeAll(readReference);
const account = emptyAccount();

const all = Object.entries(BY_HAND).flatMap(([name, bad]) =>
  bad.map(([input, code]) => [name, JSON.stringify(input).slice(0, 80), code, input] as const),
);

describe('where a model says next to nothing', () => {
  it.each(all)('%s refuses %s with %s', async (name, _, code, input) => {
    const [service = '', operation = ''] = name.split(':');
    await expect(account.perform(service, operation, input)).rejects.toMatchObject({ code });
  });

  it('three inputs of each operation are wrong', () => {
    expect(Object.values(BY_HAND).filter((bad) => new Set(bad).size < 3)).toEqual([]);
  });
});
