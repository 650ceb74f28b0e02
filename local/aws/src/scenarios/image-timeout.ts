import type { Scenario } from './scenario.ts';

export const imageTimeout: Scenario = {
  says: 'the registry does not answer from the subnets of the task',
  tasks: [
    {
      startSeconds: 30,
      pullError:
        'ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-{region}-starport-layer-bucket.s3.{region}.amazonaws.com/": dial tcp 192.0.2.10:443: i/o timeout',
    },
  ],
};
