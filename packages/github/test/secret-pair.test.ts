import { expect, test } from '@jest/globals';
import { secretPair } from '../src/secrets/secret-pair.ts';
import { keyPair, optionsFor, REPOSITORY, secretStage } from './secret-stage.ts';

test('a pair of fixed names is written over, secret first, and counts runs since its last write', async () => {
  const stage = await secretStage();
  const names = { idName: 'AWS_ACCESS_KEY_ID', secretName: 'AWS_SECRET_ACCESS_KEY' };
  const consumer = secretPair(await stage.accessTo(REPOSITORY), { ...optionsFor(REPOSITORY), ...names });
  const from = stage.github.calls.length;
  expect(await consumer.stage('pair', keyPair('AKIAFIRST', 'first-secret'))).toBe('done');
  const written = stage.github.calls.slice(from).filter(({ method }) => method === 'PUT');
  expect(written.map(({ path }) => path.split('/').at(-1))).toEqual([names.secretName, names.idName]);
  stage.newRun();
  expect(await consumer.observe([])).toMatchObject({ current: 'pair', idle: 'pair', holders: { count: 1 } });
  expect(await consumer.blank('pair')).toHaveProperty('refused');
  expect(consumer.switching).toBe('in-place');
  await stage.close();
});
