import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { startLocalAws } from '@tenant-delivery/local-aws';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { command } from './command.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

describeWith('boto3', 'stacks, with boto3', (python) => {
  test('are made, changed and deleted, as its waiters and exceptions know it', async () => {
    const local = await startLocalAws({ scale: 600, runtime: 'simulated' });
    try {
      const { accessKeyId, secretAccessKey } = local.addAccount('000011112222');
      const run = command(python, import.meta.dirname, {
        AWS_ENDPOINT_URL: local.url,
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      });
      expect(JSON.parse(await run([join(import.meta.dirname, 'stacks-with-boto3.py')]))).toEqual({
        actions: ['Add', 'Modify'],
        last: 'UPDATE_COMPLETE',
        refused: 'ChangeSetNotFound',
        absent: 'local-aws does not implement cloudformation:ListTypes.',
      });
    } finally {
      await local.close();
    }
  });
});
