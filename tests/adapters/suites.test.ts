import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { seedUser } from '@tenant-delivery/local-aws/services/iam';
import { ACCOUNT, type Double, doubleAt } from '../stage/a-double.ts';
import { SUITES } from './suites/all.ts';
import { groundOf } from './suites/ground.ts';

let aws: LocalAws;
let double: Double;

beforeAll(async () => {
  aws = await startLocalAws({ scale: 2_000, runtime: 'simulated' });
  double = doubleAt(aws.url, aws.addAccount(ACCOUNT), {
    sleep: (milliseconds) => aws.clock.sleep(milliseconds),
    user: async (name, path) => void seedUser(aws.world, ACCOUNT, { name, path }),
    signingKey: async () => (await groundOf(double)).Key,
  });
});
afterAll(() => aws.close());

describe.each(SUITES)('$what, on the local AWS', ({ suite }) => {
  test.each([...suite])('$promise', ({ keep }) => keep(double));
});
