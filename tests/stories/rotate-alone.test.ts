import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { bucketsOf, putBucket } from '@tenant-delivery/local-aws/services/s3';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { readRotateInputs } from '@tenant-delivery/rotate-access/inputs';
import { run } from '@tenant-delivery/rotate-access/run';
import { openRotation } from '@tenant-delivery/rotate-access/world';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { policyOfPage, putRoleWith } from '../stage/granting.ts';
import { actAsLocalCopy } from '../stage/local-copy.ts';
import { changesIn, recordsIn } from '../stage/stage.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const BUCKET = 'acme-rotation-journal';

let aws: LocalAws;
actAsLocalCopy();

/** Ten times as fast: a claim of this run counts as lapsed after a quarter of a minute without the processor, not before. */
beforeAll(async () => {
  aws = await startLocalAws({ scale: 10, runtime: 'simulated' });
  aws.addAccount(ACCOUNT);
  const user = seedUser(aws.world, ACCOUNT, { name: 'acme-ci', path: '/td-rotatable/' });
  const old = seedAccessKey(aws.world, ACCOUNT, user, 61 * 24 * HOUR);
  seedSecret(aws.world, ACCOUNT, REGION, { name: 'td/rotation/acme-ci', value: JSON.stringify(old) });
  const policy = policyOfPage('rotate-access', ACCOUNT);
  for (const name of ['td-rotate-iam', 'td-prod-rotate']) putRoleWith(aws, ACCOUNT, { name, policy });
  putBucket(aws.world, { name: BUCKET, account: ACCOUNT, region: REGION, versioned: true });
});
afterAll(() => aws.close());

/** The action with everything that it opens by itself: credentials of the job, the journal in S3, the clock. */
async function rotated(inputs: Readonly<Record<string, string>> = {}, role = 'td-rotate-iam') {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/td-acme-prod-1-1`;
  const session = issueSession(aws.world, { account: ACCOUNT, arn }, aws.clock.now() + HOUR);
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    LOCAL_CLOCK: aws.clock.variable,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_REGION: REGION,
  };
  Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url }); // the SDK reads it by itself
  const runner = fakeRunner({
    inputs: {
      contract: 'none',
      mode: 'run',
      credential: 'ci-legacy',
      user: 'acme-ci',
      account: ACCOUNT,
      escrow: 'td/rotation/acme-ci',
      journal: BUCKET,
      external: 'hq',
      'secret-name': 'AWS_KEY',
      'probe-ref': 'main',
      'cadence-hours': '24',
      'max-age-days': '60',
      'grace-days': '7',
      'drain-days': '14',
      ...inputs,
    },
  });
  const request = readRotateInputs(runner);
  const from = aws.calls.length;
  const outcome = await run(await openRotation(runner, env, request));
  return { outcome, runner, calls: aws.calls.slice(from) };
}

test('rotate-access works alone: a dry run changes nothing, people acknowledge, and nobody waits for the drain', async () => {
  const planned = await rotated({ mode: 'dry-run' });
  expect(planned.outcome).toMatchObject({ outcome: 'planned', reasonCode: 'OK' });
  expect([changesIn(planned.calls), recordsIn(planned.calls)]).toEqual([[], []]);

  const told = await rotated();
  expect(told.outcome).toMatchObject({ outcome: 'in-progress', ok: true });
  const fingerprint = /external:hq has not yet shown that it has the key ([0-9a-f]{12})/.exec(
    told.outcome.headline,
  )?.[1];
  expect(usersOf(aws.world, ACCOUNT)['acme-ci']?.keys).toHaveLength(2);

  const wrong = await rotated({ acknowledge: '000000000000' });
  expect(wrong.calls.filter(({ operation }) => operation === 'UpdateSecretVersionStage')).toEqual([]);

  const turned = await rotated({ acknowledge: fingerprint ?? '' });
  expect(turned.outcome).toMatchObject({ outcome: 'in-progress', ok: true });
  expect(turned.calls.filter(({ operation }) => operation === 'UpdateSecretVersionStage')).toHaveLength(1);
  const next = Date.parse(turned.runner.outputs['next-eligible-at'] ?? '');
  expect(next - aws.clock.now()).toBeGreaterThan(40 * HOUR); // twice the cadence

  const entries = Object.keys(bucketsOf(aws.world)[BUCKET]?.objects ?? {});
  expect(entries).toContain('rotation/ci-legacy/0001/0000.json');
});

test("a session of a contract's role works under the contract alone", async () => {
  const refused = rotated({}, 'td-prod-rotate');
  await expect(refused).rejects.toMatchObject({
    code: 'CLEARANCE_REFUSED',
    message: expect.stringContaining('td-prod-rotate, a role that works under a contract only'),
  });
});
