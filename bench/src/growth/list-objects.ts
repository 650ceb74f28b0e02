import { startLocalAws } from '@tenant-delivery/local-aws';
import { listObjectsV2 } from '@tenant-delivery/local-aws/s3/list';
import { putBucket } from '@tenant-delivery/local-aws/s3/state';
import { putObject } from '@tenant-delivery/local-aws/s3/write';
import { measureRow } from '../growth-row.ts';

const PLACE = { account: '000011112222', region: 'eu-west-1' };
const Bucket = 'vault';
const PAGES = 2_000;

await measureRow({
  work: `read ${PAGES} pages of 10 keys from a bucket of the local AWS`,
  n: 5_000,
  atMost: { processor: 2 },
  setUp: async (keys) => {
    const aws = await startLocalAws();
    const { world } = aws;
    const principal = { account: PLACE.account, arn: `arn:aws:iam::${PLACE.account}:user/operator` };
    const call = { ...PLACE, principal, requestId: 'request', world, headers: {} };
    const name = (at: number) => `events/${String(at).padStart(8, '0')}`;
    const page = (at: number) =>
      listObjectsV2({ Bucket, Prefix: 'events/', StartAfter: name(at), MaxKeys: 10 }, call).KeyCount;
    putBucket(world, { ...PLACE, name: Bucket, versioned: true });
    for (let at = 0; at < keys; at += 1) await putObject({ Bucket, Key: name(at) }, call);
    for (let warm = 0; warm < PAGES; warm += 1) page(warm);
    return {
      run: async () => {
        for (let at = 0; at < PAGES; at += 1) {
          const count = page(Math.floor((at * (keys - 11)) / PAGES));
          if (count !== 10) throw new Error(`a page has ${count} keys`);
        }
        return {};
      },
      close: () => aws.close(),
    };
  },
});
