import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keyTrail } from '@tenant-delivery/aws/cloudtrail/key-trail';
import { iamAccessKeys } from '@tenant-delivery/aws/iam/access-keys';
import { awsCaller, keyProof } from '@tenant-delivery/aws/iam/key-proof';
import { keyEscrow } from '@tenant-delivery/aws/secrets/key-escrow';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { serverTime } from '@tenant-delivery/aws/session/server-time';
import { iamAccessKeyKind } from '@tenant-delivery/credentials/iam-access-key/kind';
import type { IamAccessKeyWorld } from '@tenant-delivery/credentials/iam-access-key/observe';
import { DEFAULT_POLICY } from '@tenant-delivery/credentials/iam-access-key/policy';
import { refusingIamAccessKeyWorld } from '@tenant-delivery/credentials/iam-access-key/refusing';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { many, statementsOf } from '@tenant-delivery/local-aws/policy/document';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { dryRun, refusingVault } from '@tenant-delivery/rotation/dry-run';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Consumer, KeyPair, ProofAnswer } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { formsOf } from '@tenant-delivery/rotation/secret';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { policyOfPage, putRoleWith } from '../stage/granting.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const USER = 'acme-ci';
const SECRET = 'td/rotation/acme-ci';
const CREDENTIAL = 'ci-legacy';

let aws: LocalAws;
let clock: ManualClock;
const secrets: string[] = [];

beforeAll(async () => {
  clock = manualClock();
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  process.env['AWS_ENDPOINT_URL'] = aws.url; // as the runner's environment says it
  aws.addAccount(ACCOUNT);
  const policy = policyOfPage('rotate-access', ACCOUNT);
  putRoleWith(aws, ACCOUNT, { name: 'td-rotate-iam', policy });
  const user = seedUser(aws.world, ACCOUNT, { name: USER, path: '/td-rotatable/' });
  const old = seedAccessKey(aws.world, ACCOUNT, user, 61 * DAY);
  secrets.push(old.secretAccessKey);
  seedSecret(aws.world, ACCOUNT, REGION, { name: SECRET, value: JSON.stringify(old) });
});
afterAll(() => aws.close());

/** One run: a session of its own, the shipped engine and adapters, and HTTP. */
function aRun(number: number, consumer: (proof: IamAccessKeyWorld['proof']) => Consumer, vault = VAULT) {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/td-rotate-iam/td-acme-prod-${number}-1`;
  const session = issueSession(aws.world, { account: ACCOUNT, arn }, clock.now() + HOUR);
  const credentials = { ...session, expiration: new Date(8.64e15) };
  const base = { region: REGION, local: true, scale: Number.MAX_SAFE_INTEGER, userAgent: 'tests' };
  const [config, once] = [6, 1].map((attempts) => clientConfig(base, async () => credentials, attempts));
  if (!config || !once) throw new TypeError('two configurations were made');
  const masks = redaction({
    mask: (form) => {
      if (form.length === 40) secrets.push(form);
    },
  });
  const time = serverTime({ now: () => clock.now(), sleep: (ms) => clock.advance(ms) }, true);
  const proof = keyProof(config);
  const world: IamAccessKeyWorld = {
    caller: awsCaller(config),
    keys: iamAccessKeys(config, once, { account: ACCOUNT, user: USER, masker: masks }),
    trail: keyTrail(config, [REGION]),
    escrow: keyEscrow(config, once, { account: ACCOUNT, secret: SECRET, masker: masks }),
    proof,
    consumers: [consumer(proof)],
  };
  const process = `run-${number}`;
  const sleep = (milliseconds: number) => clock.advance(milliseconds);
  const policy = { ...DEFAULT_POLICY, probeEvery: 8 * DAY };
  const by = { run: String(number), attempt: 1, actor: 'schedule', commit: 'c0ffee', process };
  return {
    go: () =>
      rotate(CREDENTIAL, iamAccessKeyKind(world, policy, { time, sleep, process }), {
        vault,
        time,
        sleep,
        by,
        clean: masks.clean,
      }),
    plan: () => {
      const refusing = refusingIamAccessKeyWorld(world);
      return dryRun(CREDENTIAL, iamAccessKeyKind(refusing, policy, { time, sleep, process }), {
        vault: refusingVault(vault),
        time,
      });
    },
  };
}

const VAULT = memoryVault();

/** Two slots in memory, whose user really uses what it finds. */
function slots(): (proof: IamAccessKeyWorld['proof']) => Consumer {
  const held: Record<string, KeyPair> = {};
  const answers: Record<string, ProofAnswer> = {};
  let current = 'A';
  let marks = 0;
  return (proof) => ({
    id: 'memory:acme/legacy',
    switching: 'staged',
    cadence: 6 * HOUR,
    observe: async () => ({
      obstacles: [],
      current,
      idle: current === 'A' ? 'B' : 'A',
      written: Object.fromEntries(Object.keys(held).map((place) => [place, `${marks}`])),
      proofs: answers,
      holders: { count: 0, examples: [] },
    }),
    stage: async (place, key) => {
      held[place] = key;
      marks += 1;
      return 'done';
    },
    askProof: async (place, name) => {
      const pair = held[place];
      const said = pair && (await proof.identity(pair));
      answers[name] =
        pair && said !== 'not-valid'
          ? { kind: 'used', fingerprint: fingerprintOf(ACCOUNT, pair.id), by: 'a run' }
          : { kind: 'failed', why: 'the key did not work' };
      return 'done';
    },
    point: async (place) => {
      current = place;
      return 'done';
    },
    blank: async (place) => {
      delete held[place];
      return 'done';
    },
  });
}

test('an access key rotates over real requests, although the answer to its creation is lost', async () => {
  const consumer = slots();
  const old = usersOf(aws.world, ACCOUNT)[USER]?.keys[0]?.accessKeyId ?? '';

  const planned = await aRun(0, consumer).plan();
  expect(planned.next.kind).toBe('note');
  expect(planned.road.map(({ what }) => what)).toContain('disable the old key');
  expect(aws.calls.filter(({ operation }) => /^(Create|Update|Delete|Put)/.test(operation))).toEqual([]);

  aws.fail({ service: 'iam', operation: 'CreateAccessKey', nth: 1, kind: 'reset-after-effect' });
  const ends: RunEnd[] = [];
  for (let number = 1; number < 40 && ends.at(-1)?.outcome !== 'rotated'; number += 1) {
    const end = await aRun(number, consumer).go();
    ends.push(end);
    await clock.advance(Math.max(end.nextEligibleAt - clock.now(), 30 * 60_000));
  }
  expect(ends.map(({ outcome }) => outcome)).toEqual([...ends.slice(1).map(() => 'in-progress'), 'rotated']);

  const keys = usersOf(aws.world, ACCOUNT)[USER]?.keys ?? [];
  const left = keys.filter(({ deleted }) => deleted === undefined);
  expect(keys).toHaveLength(3); // the old one, the orphan, the new one
  expect(left).toHaveLength(1);
  expect(left[0]?.accessKeyId).not.toBe(old);
  const sent = aws.calls.filter(({ operation }) => operation === 'CreateAccessKey');
  expect(sent.map(({ attempts, effects }) => [attempts, effects])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  const versions = Object.values(secretsOf(aws.world, ACCOUNT, REGION)[SECRET]?.versions ?? {});
  const current = versions.find(({ stages }) => stages.includes('AWSCURRENT'));
  expect(JSON.parse(current?.value ?? '{}').accessKeyId).toBe(left[0]?.accessKeyId);

  const written = await Promise.all((await VAULT.list('rotation/')).map((key) => VAULT.read(key)));
  const texts = written.map((stored) => Buffer.from(stored?.bytes ?? []).toString());
  const told = `${texts.join('\n')}${JSON.stringify([ends, planned])}`;
  const forms = [...new Set(secrets)].flatMap(formsOf);
  expect(forms.length).toBeGreaterThan(10);
  expect(forms.filter((form) => told.includes(form))).toEqual([]);
});

test('the policy on the page of rotate-access grants what was called, and what else it grants is named here', () => {
  const granted = statementsOf(policyOfPage('rotate-access', ACCOUNT)).flatMap(({ Action }) => many(Action));
  const called = new Set(aws.decisions.map(({ ask }) => ask.action));
  expect(aws.denied()).toEqual([]);
  expect(granted.filter((action) => !called.has(action)).sort()).toEqual([
    'iam:PutUserPolicy', // after a leak
    's3:GetObject', // of the journal, which is in memory here
    's3:ListBucket',
    's3:PutObject',
    'sts:GetCallerIdentity', // which needs no grant
  ]);
});
