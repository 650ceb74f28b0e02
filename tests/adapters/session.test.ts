import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { callerIdentity } from '@tenant-delivery/aws/session/caller-identity';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import { startSession } from '@tenant-delivery/aws/session/session';
import { trustOfRelease } from '@tenant-delivery/aws/session/trust';
import { admit } from '@tenant-delivery/delivery/admit';
import { openChange, resumeChange } from '@tenant-delivery/delivery/change';
import { localKeys, templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { isEnvironmentDuty } from '@tenant-delivery/domain';
import { exportChange } from '@tenant-delivery/evidence/export';
import type { TrustedKey } from '@tenant-delivery/evidence/trust';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { acmeSandbox, BUILD_JOB, keyInKms, ORDERS, type Sandbox } from '../stage/a-job.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await acmeSandbox();
});
afterAll(() => sandbox.close());

type Started = Parameters<typeof startSession>;

async function open(runner: Started[0], roles: Started[3], env: Started[1] = sandbox.env) {
  const { opened } = await startSession(runner, env, ORDERS, roles);
  return opened;
}

describe('with step debug logging', () => {
  it('each answer is told by its members, and nothing that they held', async () => {
    const lines: string[] = [];
    const runner = { ...sandbox.runner(BUILD_JOB), debug: (line: string) => void lines.push(line) };
    const session = await open(runner, ['build'], { ...sandbox.env, RUNNER_DEBUG: '1' });
    const { secretAccessKey, sessionToken } = await session.credentialsFor('build')();
    await callerIdentity(session, 'build');
    const told = lines.join('\n');
    expect(told).toContain('answer {"service":"STS","operation":"AssumeRoleWithWebIdentity"');
    expect(told).toContain('"Credentials":{"AccessKeyId":"string"');
    expect(told).toContain('answer {"service":"STS","operation":"GetCallerIdentity"');
    for (const secret of [secretAccessKey, sessionToken, ORDERS.account]) expect(told).not.toContain(secret);
  });

  it('and without it none is', async () => {
    const lines: string[] = [];
    await open({ ...sandbox.runner(BUILD_JOB), debug: (line) => void lines.push(line) }, ['build']);
    expect(lines).toEqual([]);
  });
});

describe('a session that AWS refuses is explained', () => {
  test.each([
    ['an expired token', { exp: 1_700_000_000 }, 'OIDC_TOKEN_EXPIRED'],
    ['a token for somebody else', { aud: 'api://elsewhere' }, 'OIDC_AUDIENCE_WRONG'],
    [
      'a token of an issuer that the account does not know',
      { iss: 'http://127.0.0.1:9' },
      'OIDC_TOKEN_REFUSED',
    ],
    [
      'a workflow that is not a released one',
      { job_workflow_ref: 'acme/orders/.github/workflows/own.yml@refs/heads/main' },
      'ROLE_NOT_ASSUMED',
    ],
    [
      'a fork of the workflow',
      { job_workflow_ref: 'mallory/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0' },
      'ROLE_NOT_ASSUMED',
    ],
    ['a repository that took the name of another', { repository_id: '666' }, 'ROLE_NOT_ASSUMED'],
  ])('%s', async (_, claims, code) => {
    await expect(open(sandbox.runner({ ...BUILD_JOB, ...claims }), ['build'])).rejects.toMatchObject({
      code,
    });
  });

  test('with the claims that did not match and what the trust policy must hold, and never the token', async () => {
    const runner = sandbox.runner({ ...BUILD_JOB, repository_id: '666' });
    const refusal = await open(runner, ['build', 'deploy']).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      message: expect.stringMatching(
        /may not assume arn:aws:iam::000011112222:role\/td\/prod\/td-prod-(build|deploy)/,
      ),
      details: expect.arrayContaining([
        'repository: acme/orders (repository_id 666, owner id 123456)',
        `job_workflow_ref: ${BUILD_JOB['job_workflow_ref']}`,
        expect.stringContaining('must allow sts:AssumeRoleWithWebIdentity'),
      ]),
    });
    const { message, details } = Object(refusal);
    expect(JSON.stringify([message, details, runner.log])).not.toMatch(/eyJ/);
  });
});

test('a role answers as itself, and its secrets are masked before anything is said', async () => {
  const runner = sandbox.runner(BUILD_JOB);
  const session = await open(runner, ['build', 'evidence']);
  const build = {
    account: '000011112222',
    arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-build/td-acme-prod-9001-1',
    partition: 'aws',
  };
  expect(await callerIdentity(session, 'build')).toEqual(build);
  expect(await session.identityIn('build')).toEqual(build);
  const { secretAccessKey, sessionToken } = await session.credentialsFor('evidence')();
  expect(runner.masked).toEqual(expect.arrayContaining([secretAccessKey, sessionToken]));
});

test('a session is renewed with a fresh token before it ends', async () => {
  const ahead = Date.now() + 56 * 60_000; // this job's clock says that the hour is nearly over
  const LOCAL_CLOCK = `1,${ahead},${performance.timeOrigin + performance.now()}`;
  const session = await open(sandbox.runner(BUILD_JOB), ['build'], { ...sandbox.env, LOCAL_CLOCK });
  const before = await session.credentialsFor('build')();
  const assumed = sandbox.aws.calls.filter(
    ({ operation }) => operation === 'AssumeRoleWithWebIdentity',
  ).length;
  const after = await session.credentialsFor('build')();
  expect(after.sessionToken).not.toBe(before.sessionToken);
  expect(sandbox.aws.calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity').length).toBe(
    assumed + 1,
  );
});

test("a change is recorded in the tenant's own vault with a key that never leaves KMS, and verifies offline", async () => {
  const contractKeys = localKeys();
  await publishAcme(contractKeys);
  const trusted = [
    ...contractKeys.trust.keys.filter(({ duty }) => duty === 'contract'),
    keyInKms(sandbox.aws, 'build'),
  ];
  await writeFile(
    sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '',
    JSON.stringify({ schemaVersion: 1, keys: trusted }),
  );

  const session = await open(sandbox.runner(BUILD_JOB), ['build', 'evidence']);
  const world = await openDeliveryWorld(sandbox.runner(BUILD_JOB), sandbox.env, session, 'build');
  const admission = await admit(world, ORDERS);
  const change = await openChange(world, admission, { kind: 'deploy', evidence: {} });
  await change.append('abandoned');

  await expect(resumeChange(world, admission, change.id)).resolves.toMatchObject({ state: 'abandoned' });
  const report = verifyEvidence(await exportChange(world.vault, ORDERS, change.id), await world.trust);
  expect(report).toMatchObject({ holds: true, lines: [{ to: 'proposed' }, { to: 'abandoned' }] });
});

describe('the key of a duty', () => {
  const world = async (trusted: readonly TrustedKey[]) => {
    const file = sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '';
    await writeFile(file, JSON.stringify({ schemaVersion: 1, keys: trusted }));
    const session = await open(sandbox.runner(BUILD_JOB), ['build', 'evidence']);
    return openDeliveryWorld(sandbox.runner(BUILD_JOB), sandbox.env, session, 'build');
  };
  const askedForKeys = () => sandbox.aws.calls.filter(({ operation }) => operation === 'GetPublicKey').length;
  const readsOfContract = () =>
    sandbox.aws.calls.filter(
      ({ operation, input }) => operation === 'GetObject' && JSON.stringify(input).includes('"contract/'),
    ).length;
  const older = (): TrustedKey => {
    const stranger = localKeys().trust.keys.find(({ duty }) => duty === 'build');
    if (!stranger) throw new Error('every duty has a key');
    return { ...stranger, tenant: 'acme', environment: 'prod' };
  };

  it('is not asked for where the release knows one alone', async () => {
    const before = askedForKeys();
    const signer = await (await world([keyInKms(sandbox.aws, 'build')])).signer;
    expect(signer.keyId).toBe(keyInKms(sandbox.aws, 'build').keyId);
    expect(askedForKeys()).toBe(before);
  });

  it('is not asked for where the contract names it, and the contract is read once for all', async () => {
    const contractKeys = localKeys();
    await publishAcme(contractKeys, [keyInKms(sandbox.aws, 'build')]);
    const before = [askedForKeys(), readsOfContract()];
    const released = contractKeys.trust.keys.filter(({ duty }) => duty === 'contract');
    const { signer, ...rest } = await world(released);
    expect((await signer).keyId).toBe(keyInKms(sandbox.aws, 'build').keyId);
    await admit(rest, ORDERS);
    expect([askedForKeys(), readsOfContract()]).toEqual([before[0], Number(before[1]) + 1]);
  });

  it('is asked for where the release knows two', async () => {
    const signer = await (await world([older(), keyInKms(sandbox.aws, 'build')])).signer;
    expect(signer.keyId).toBe(keyInKms(sandbox.aws, 'build').keyId);
  });

  it('signs nothing that nobody could verify, and the failure names it', async () => {
    const signer = await (await world([older()])).signer;
    await expect(signer.sign(Buffer.from('anything'))).rejects.toMatchObject({
      code: 'EVENT_UNVERIFIABLE',
      message: expect.stringContaining(keyInKms(sandbox.aws, 'build').keyId),
    });
  });
});

test('a trust file that nobody can read, or a vault that is not there, is named', async () => {
  await writeFile(sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '', '{"schemaVersion":1,"keys":[{}]}');
  expect(() => trustOfRelease(sandbox.env)).toThrow(expect.objectContaining({ code: 'TRUST_INVALID' }));
  const vault = operatorVault({ ...ORDERS, environment: 'test' });
  await expect(vault.read('contract/test.dsse.json')).rejects.toMatchObject({
    code: 'VAULT_NOT_FOUND',
    message: 'There is no vault td-vault-acme-test-000011112222 in account 000011112222.',
  });
});

/** The vault with what a provider has at a terminal. */
function operatorVault(place: typeof ORDERS) {
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  return ambientVault(place);
}

async function publishAcme(
  { signers, trust }: ReturnType<typeof localKeys>,
  keys: readonly TrustedKey[] = [],
): Promise<void> {
  const contract = templateContract('acme');
  const { prod } = contract.environments;
  const named = keys.flatMap(({ duty, keyId, publicKey, from }) =>
    isEnvironmentDuty(duty) ? [{ keyId, duty, publicKey, from }] : [],
  );
  if (prod && named.length > 0) {
    contract.serial += 1;
    contract.environments['prod'] = { ...prod, keys: named };
  }
  const signed = await sealContract(cutTo(contract, 'prod'), signers.contract);
  await publishContract(operatorVault(ORDERS), signed, trust, { ...ORDERS, at: Date.now() });
}
