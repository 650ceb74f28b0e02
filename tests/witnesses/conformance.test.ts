import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { counted } from '@tenant-delivery/testkit/counts';
import { registryOf } from './image.ts';
import { played } from './registry-conformance/cases.ts';
import { NOT_ECR } from './registry-conformance/not-ecr.ts';
import { type Case, Repository } from './registry-conformance/registry.ts';

jest.setTimeout(60_000);

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

let aws: LocalAws;
let cases: readonly Case[];

beforeAll(async () => {
  aws = await startLocalAws({ seed: '' }); // the cases do not ask again when a registry is busy
  const operator = aws.addAccount(ACCOUNT);
  const names = ['conformance/one', 'conformance/two'] as const;
  for (const name of names) seedRepository(aws.world, ACCOUNT, REGION, name);
  ecrState(aws.world, ACCOUNT, REGION).blobMounting = 'ENABLED';
  const { login } = await registryOf(aws, operator);
  cases = await played(new Repository(login, names[0]), new Repository(login, names[1]));
});
afterAll(() => aws.close());

const open = () => cases.filter(({ why }) => why !== undefined);
const reasonFor = ({ name }: Case) => NOT_ECR.find((entry) => entry.cases.test(name));

test('our registry passes every published case but those that do not apply to ECR', () => {
  expect(open().filter((one) => !reasonFor(one))).toEqual([]);
});

test('each reason that a case does not apply has a case that our registry does not pass', () => {
  expect(NOT_ECR.filter((entry) => !open().some((one) => reasonFor(one) === entry))).toEqual([]);
});

test('as many cases are played as before', () => {
  for (const entry of NOT_ECR) {
    const apart = open().filter((one) => reasonFor(one) === entry).length;
    process.stdout.write(`  ${apart} do not apply to ECR: ${entry.why}\n`);
  }
  counted('registry conformance', { cases: cases.length, passed: cases.length - open().length });
});
