import { expect, it } from '@jest/globals';
import { type Inventory, leftoversIn } from '../src/leftovers.ts';

const [OURS, THEIRS] = ['a'.repeat(40), 'b'.repeat(40)];
const image = (digest: string) => `000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders@${digest}`;
const ACCOUNT: Inventory = {
  images: [
    { digest: 'sha256:old', tags: [`${OURS}-0000`] },
    { digest: 'sha256:sbom', tags: [], subject: 'sha256:old' },
    { digest: 'sha256:runs', tags: [`${OURS}-1111`] },
    { digest: 'sha256:sbom-of-runs', tags: [], subject: 'sha256:runs' },
    { digest: 'sha256:theirs', tags: [`${THEIRS}-0000`] },
    { digest: 'sha256:untagged', tags: [] },
  ],
  revisions: [
    { arn: 'orders:1', images: [image('sha256:theirs')] },
    { arn: 'orders:2', images: [image('sha256:old')] },
    { arn: 'orders:3', images: ['a-proxy:1', image('sha256:runs')] },
  ],
  inUse: ['orders:3'],
};

it('takes away what commits of canaries made, and nothing that runs or that somebody else made', () => {
  expect(leftoversIn(ACCOUNT, [OURS])).toEqual({
    revisions: ['orders:2'],
    documents: ['sha256:sbom'],
    images: ['sha256:old'],
  });
});

it('keeps an image that a revision of somebody else needs', () => {
  const shared = { arn: 'orders:4', images: [image('sha256:old')] };
  const inventory = {
    ...ACCOUNT,
    revisions: [...ACCOUNT.revisions, shared],
    inUse: ['orders:3', 'orders:4'],
  };
  expect(leftoversIn(inventory, [OURS])).toMatchObject({ revisions: ['orders:2'], images: [] });
});

it('without a commit of a canary takes away no image', () => {
  expect(leftoversIn(ACCOUNT, [])).toMatchObject({ revisions: [], documents: [], images: [] });
});
