import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import type { Exchange } from '../../stage/a-double.ts';
import { ACCOUNT } from '../../stage/a-double.ts';

const BUCKET = 'td-moto-vault';
const TEMPLATE = JSON.stringify({
  Resources: {
    Vault: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: BUCKET, VersioningConfiguration: { Status: 'Enabled' } },
    },
  },
});
const stack = (given: object) =>
  new CreateStackCommand({ StackName: 'vault', TemplateBody: TEMPLATE, ...given });

export const STACKS: readonly Exchange[] = [
  [
    'a stack that is not there',
    ({ stacks }) => stacks.send(new DescribeStacksCommand({ StackName: 'none' })),
  ],
  ['a template that is no JSON', ({ stacks }) => stacks.send(stack({ StackName: 'bad', TemplateBody: '{' }))],
  ['a stack with a bucket', async ({ stacks }) => typeof (await stacks.send(stack({}))).StackId],
  ['the same stack again', ({ stacks }) => stacks.send(stack({}))],
  [
    'a change set of no stack',
    ({ stacks }) => stacks.send(new DescribeChangeSetCommand({ StackName: 'none', ChangeSetName: 'none' })),
  ],
  [
    'a change set with a name of two words',
    ({ stacks }) =>
      stacks.send(
        new CreateChangeSetCommand({
          StackName: 'vault',
          ChangeSetName: 'two words',
          TemplateBody: TEMPLATE,
        }),
      ),
  ],
  [
    'adapter: a vault, created once, replaced by who has read it, listed',
    async ({ config }) => {
      const vault = s3Vault(config, BUCKET, ACCOUNT);
      const first = await vault.create('changes/a', Buffer.from('one'));
      const again = await vault.create('changes/a', Buffer.from('two'));
      const stale = await vault.replace(
        'changes/a',
        Buffer.from('three'),
        '"0123456789abcdef0123456789abcdef"',
      );
      const read = await vault.read('changes/a');
      const none = (await vault.read('changes/none')) ?? 'none';
      const next = await vault.replace('changes/a', Buffer.from('four'), read?.version ?? '');
      const text = Buffer.from(read?.bytes ?? []).toString();
      const replaced = typeof stale === 'string' ? stale : 'replaced';
      return [typeof first, again, replaced, text, none, typeof next, await vault.list('changes/')];
    },
  ],
];
