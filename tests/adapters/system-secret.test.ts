import { setTimeout as passed } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consumerSecret, secretReads } from '@tenant-delivery/aws/secrets/consumer-secret';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { systemSecret } from '@tenant-delivery/credentials/iam-access-key/system-secret';
import { MINUTE, SECOND } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { Secret } from '@tenant-delivery/rotation/secret';
import { allowing, putRoleWith } from '../stage/granting.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const NAME = 'td/prod/legacy-key';
const masker = { mask() {} };

let aws: LocalAws;
let clock: ManualClock;

beforeAll(async () => {
  clock = manualClock();
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  process.env['AWS_ENDPOINT_URL'] = aws.url; // as the runner's environment says it
  aws.addAccount(ACCOUNT);
  for (const name of ['legacy-task', 'somebody-else'])
    putRoleWith(aws, ACCOUNT, { name, policy: allowing(['secretsmanager:GetSecretValue']) });
  const asks = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
  const actions = ['cloudtrail:LookupEvents', ...asks.map((ask) => `secretsmanager:${ask}`)];
  putRoleWith(aws, ACCOUNT, { name: 'td-prod-rotate', policy: allowing(actions) });
});
afterAll(() => aws.close());

function as(role: string, attempts?: number) {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/a-session`;
  const session = issueSession(aws.world, { account: ACCOUNT, arn }, clock.now() + 600 * MINUTE);
  const base = { region: REGION, local: true, scale: 100, userAgent: 'tests' };
  return clientConfig(base, async () => ({ ...session, expiration: new Date(8.64e15) }), attempts);
}

/** A system whose secret of this name has this value, and is read by `legacy-task`. */
function having(name: string, value: object) {
  seedSecret(aws.world, ACCOUNT, REGION, { name, value: JSON.stringify(value) });
  const secret = consumerSecret(as('td-prod-rotate'), as('td-prod-rotate', 1), {
    account: ACCOUNT,
    secret: name,
    masker,
  });
  const shownBy = secretReads(as('td-prod-rotate'), name, 'legacy-task');
  return systemSecret({ name, account: ACCOUNT, cadence: 60 * MINUTE, secret, shownBy });
}

const keyPair = (id: string): KeyPair => ({ id, secret: Secret.born(`the secret of ${id}`, id, masker) });
const OLD = { accessKeyId: 'AKIAOLD', secretAccessKey: 'the secret of old' };
const read = (role: string, more: object = {}) =>
  new SecretsManagerClient(as(role)).send(new GetSecretValueCommand({ SecretId: NAME, ...more }));

/** CloudTrail answers two questions a second, and three are asked. */
async function whileTimePasses<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const told = work.finally(() => {
    over = true;
  });
  while (!over) {
    await clock.advance(SECOND);
    await passed(5);
  }
  return told;
}

test('a system has the key once its role has read the current version after it became that, as CloudTrail tells it', async () => {
  const consumer = having(NAME, OLD);
  const proof = async () => (await whileTimePasses(consumer.observe(['p']))).proofs['p'];
  await read('legacy-task');
  await clock.advance(MINUTE);
  expect(await consumer.stage('current', keyPair('AKIANEW'))).toBe('done');
  expect(await consumer.stage('current', keyPair('AKIANEW'))).toBe('done'); // the same again changes nothing
  const versions = secretsOf(aws.world, ACCOUNT, REGION)[NAME]?.versions ?? {};
  expect(Object.values(versions).map(({ stages }) => stages)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  await clock.advance(MINUTE);
  await read('somebody-else');
  await read('legacy-task', { VersionStage: 'AWSPREVIOUS' });
  await clock.advance(30 * MINUTE);
  expect(await proof()).toEqual({ kind: 'pending' });
  await read('legacy-task');
  expect(await proof()).toEqual({ kind: 'pending' }); // CloudTrail is late
  await clock.advance(30 * MINUTE);
  expect(await proof()).toMatchObject({
    kind: 'used',
    fingerprint: fingerprintOf(ACCOUNT, 'AKIANEW'),
    by: expect.stringContaining('legacy-task read it at'),
  });
  expect((await consumer.observe([])).written['current']).toBe(Object.keys(versions)[1]);
});

test('what would be lost, or is turned by somebody else, keeps a key from being brought there', async () => {
  const more = having('td/prod/shared', { ...OLD, password: 'of something else' });
  expect((await more.observe([])).obstacles).toEqual([expect.stringContaining('holds more than a key pair')]);
  const turned = having('td/prod/turned', OLD);
  const secret = secretsOf(aws.world, ACCOUNT, REGION)['td/prod/turned'];
  Object.assign(secret ?? {}, {
    rotation: { enabled: true, rules: {} },
  });
  const { obstacles } = await turned.observe([]);
  expect(obstacles).toEqual([expect.stringContaining('is rotated by a function of its own')]);
});
