import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { openContract } from '@tenant-delivery/tenancy/sealed-contract';
import { startLocalPlatform } from '../src/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'td-kept-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('a later start finds the state of an earlier one, and trusts the contract that it published', async () => {
  const first = await startLocalPlatform({ directory, runtime: 'simulated' });
  const before = first.tenants['acme']?.operator;
  await first.close();
  const second = await startLocalPlatform({ directory, runtime: 'simulated' });
  try {
    const acme = second.tenants['acme'];
    expect(acme?.operator).toEqual(before);
    const stored = await acme?.vault('prod').read(contractKey('prod'));
    const expected = {
      tenant: 'acme',
      environment: 'prod',
      account: '000011112222',
      place: 'the vault',
      at: Date.now(),
    };
    const { contract } = openContract(stored?.bytes ?? new Uint8Array(), second.trust, expected);
    expect(contract).toMatchObject({ id: 'acme', serial: 1 });
  } finally {
    await second.close();
  }
});
