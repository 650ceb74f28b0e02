import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { startLocalAws } from '../src/index.ts';
import { contractOf, REGION, VAULT } from './acme.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a local AWS with a directory', () => {
  it('is found again by a later one: keys, objects and signing keys', async () => {
    const first = await startLocalAws({ directory, runtime: 'simulated' });
    const credentials = await first.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
    const client = (url: string) => ({ endpoint: url, region: REGION, credentials: { ...credentials } });
    const at = { Bucket: VAULT, Key: 'contract/prod.dsse.json' };
    await new S3Client(client(first.url)).send(new PutObjectCommand({ ...at, Body: 'agreed' }));
    const key = new GetPublicKeyCommand({ KeyId: 'alias/td/prod/build' });
    const before = await new KMSClient(client(first.url)).send(key);
    await first.close();

    const second = await startLocalAws({ directory, runtime: 'simulated' });
    expect(second.url).toBe(first.url);
    expect(await second.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')))).toEqual(credentials);
    const { Body } = await new S3Client(client(second.url)).send(new GetObjectCommand(at));
    expect(await Body?.transformToString()).toBe('agreed');
    const after = await new KMSClient(client(second.url)).send(key);
    expect(after.PublicKey).toEqual(before.PublicKey);
    await second.close();
  });

  it('leaves no half-written file behind', async () => {
    const aws = await startLocalAws({ directory, runtime: 'simulated' });
    await aws.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
    await aws.close();
    const files = readdirSync(directory, { recursive: true }).map(String);
    expect(files).toContain('state.json');
    expect(files.filter((file) => file.endsWith('.new'))).toEqual([]);
  });

  it('does not start from a file that is not its own', async () => {
    writeFileSync(join(directory, 'state.json'), 'not JSON');
    await expect(startLocalAws({ directory })).rejects.toThrow(/is not the saved state of local-aws/);
  });
});
