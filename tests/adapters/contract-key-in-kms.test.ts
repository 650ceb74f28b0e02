import { createPublicKey } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSession } from '@tenant-delivery/aws/session/session';
import { openContract } from '@tenant-delivery/tenancy/sealed-contract';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { command } from '../witnesses/command.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'packages/cli/src/main.ts');
const CONTRACT = join(ROOT, 'templates/operations-repo/tenants/acme.yaml');
const KEY = 'alias/td/prod/deploy'; // stands in for the provider's own, which is in no tenant's account

let sandbox: Sandbox;
let credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};
let publicKey: string;

beforeAll(async () => {
  sandbox = await acmeSandbox();
  const { opened } = await startSession(sandbox.runner(DEPLOY_JOB), sandbox.env, ORDERS, ['deploy']);
  const config = (await opened).clientConfig('deploy');
  const kms = new KMSClient(config);
  const given = await kms.config.credentials();
  credentials = { ...given, sessionToken: given.sessionToken ?? '' };
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: KEY }));
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
});
afterAll(() => sandbox.close());

function signing() {
  const node = command(process.execPath, sandbox.folder, {
    AWS_ENDPOINT_URL: sandbox.aws.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  });
  const sign = [CLI, 'contract', 'sign', CONTRACT, '--environment', 'prod', '--out', 'signed.json'];
  return { node, sign };
}

test('a contract is signed by a key that never leaves KMS', async () => {
  const { node, sign } = signing();
  const said = await node([...sign, '--kms', KEY, '--region', ORDERS.region]);
  const [, keyId = ''] = /signed by key (\w+)/.exec(said) ?? [];
  const key = { keyId, publicKey, duty: 'contract' as const, from: '2026-01-01T00:00:00Z' };
  const bytes = readFileSync(join(sandbox.folder, 'signed.json'));
  const expected = { tenant: 'acme', environment: 'prod', place: 'the file', at: Date.now() };
  const { contract } = openContract(bytes, { schemaVersion: 1, keys: [key] }, expected);
  expect(contract).toMatchObject({ id: 'acme', serial: 1 });
});

test('a key that is not there is named, and nothing is signed', async () => {
  const { node, sign } = signing();
  rmSync(join(sandbox.folder, 'signed.json'), { force: true });
  const said = await node.refused([...sign, '--kms', 'alias/none', '--region', ORDERS.region]);
  expect(said).toContain('kms:GetPublicKey');
  expect(() => readFileSync(join(sandbox.folder, 'signed.json'))).toThrow('ENOENT');
});
