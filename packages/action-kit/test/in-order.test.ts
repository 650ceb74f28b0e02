import { expect, test } from '@jest/globals';
import { inOrder } from '../src/in-order.ts';

const after = async <T>(milliseconds: number, end: () => T): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return end();
};
const fail = (message: string) => () => {
  throw new Error(message);
};

test('answers come in the order of the questions', async () => {
  expect(await inOrder([after(5, () => 'late'), after(0, () => 2), 'known'])).toEqual(['late', 2, 'known']);
});

test('the first failure of the list is thrown, though another came before it, and nothing is left running', async () => {
  let ended = false;
  const slow = after(10, () => {
    ended = true;
  });
  await expect(inOrder([after(5, fail('first')), after(0, fail('second')), slow])).rejects.toThrow('first');
  expect(ended).toBe(true);
});
