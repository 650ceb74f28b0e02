import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { counted } from '@tenant-delivery/testkit/counts';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { registryOf } from './image.ts';
import { NOT_ECR } from './registry-conformance/not-ecr.ts';
import { builtSuite, type Case, casesOn } from './registry-conformance/suite.ts';

jest.setTimeout(300_000); // a first build compiles Go's library too

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

describeWith('go', "the registry's published conformance suite on our registry", () => {
  const repositories = ['conformance/one', 'conformance/two'] as const;
  let aws: LocalAws;
  let folder: string;
  let cases: readonly Case[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'td-conformance-'));
    aws = await startLocalAws({ seed: '' }); // the suite does not ask again when a registry is busy
    const operator = aws.addAccount(ACCOUNT);
    for (const name of repositories) seedRepository(aws.world, ACCOUNT, REGION, name);
    ecrState(aws.world, ACCOUNT, REGION).blobMounting = 'ENABLED';
    const { login } = await registryOf(aws, operator);
    cases = await casesOn(await builtSuite(folder), folder, { ...login, repositories });
  });
  afterAll(async () => {
    await aws.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = () => cases.filter(({ status }) => status !== 'passed');
  const isOf = (entry: (typeof NOT_ECR)[number], { name, status }: Case) =>
    entry.cases.test(name) && entry.ends.includes(status);

  test('passes every case but those that do not apply to ECR', () => {
    expect(open().filter((one) => !NOT_ECR.some((entry) => isOf(entry, one)))).toEqual([]);
  });

  test('has a case that does not pass for each entry of the list', () => {
    expect(NOT_ECR.filter((entry) => !open().some((one) => isOf(entry, one)))).toEqual([]);
  });

  test('is played as a whole', () => {
    for (const entry of NOT_ECR) {
      const apart = open().filter((one) => isOf(entry, one)).length;
      process.stdout.write(`  ${apart} do not apply to ECR: ${entry.why}\n`);
    }
    counted('registry conformance', { cases: cases.length, passed: cases.length - open().length });
  });
});
