import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { asker } from '../src/terminal/asker.ts';

test('gives each question its line, also of lines that were pasted together', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const { ask, close } = asker(input, output, () => {});
  input.write('acme\n000011112222\neu-west-1\n');
  expect([await ask('tenant: '), await ask('account: '), await ask('region: ')]).toEqual([
    'acme',
    '000011112222',
    'eu-west-1',
  ]);
  expect(output.read().toString()).toBe('tenant: account: region: ');
  close();
});

test('has no answer once nobody is left', async () => {
  const input = new PassThrough();
  const { ask } = asker(input, new PassThrough(), () => {});
  input.end();
  expect([await ask('tenant: '), await ask('account: ')]).toEqual([undefined, undefined]);
});
