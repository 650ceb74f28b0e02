import { describe, expect, test } from '@jest/globals';
import { canonicalJson, isEnvironmentDuty } from '@tenant-delivery/domain';
import { CONTRACT_PAYLOAD_TYPE } from '../src/contract-keys.ts';
import { parseJson, seal } from '../src/dsse.ts';
import { renderReport } from '../src/render-report.ts';
import type { EnvironmentKey, TrustFile } from '../src/trust.ts';
import { verifyEvidence } from '../src/verify.ts';
import { CHANGE, KEYS, type Key, newKey, recordLines, TRUST, WAYS } from './record-of.ts';

const RELEASED: TrustFile = { schemaVersion: 1, keys: [KEYS.contract.trusted] };

const agreed = ({ trusted }: Key, more: Partial<EnvironmentKey> = {}): EnvironmentKey => {
  const { duty, keyId, publicKey, from } = trusted;
  if (!isEnvironmentDuty(duty)) throw new Error('a contract names no such key');
  return { keyId, duty, publicKey, from, ...more };
};
const ALL = Object.values(KEYS).flatMap((key) => (isEnvironmentDuty(key.trusted.duty) ? [agreed(key)] : []));

interface Said {
  readonly serial?: number;
  readonly tenant?: string;
  readonly environment?: string;
  readonly keys?: readonly EnvironmentKey[];
  readonly sourceKeys?: Readonly<Record<string, readonly EnvironmentKey[]>>;
}

/** A contract as far as a verifier reads it, signed. */
async function contract(
  { serial = 3, tenant = 'acme', environment = 'prod', keys = ALL, sourceKeys }: Said = {},
  signedBy: Key = KEYS.contract,
): Promise<string> {
  const agreement = { keys, ...(sourceKeys && { sourceKeys }), cluster: 'acme-prod' };
  const document = { schemaVersion: 1, id: tenant, serial, environments: { [environment]: agreement } };
  const bytes = await seal(signedBy.signer, CONTRACT_PAYLOAD_TYPE, Buffer.from(canonicalJson(document)));
  return Buffer.from(bytes).toString();
}

const fileOf = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const given = (...contracts: readonly string[]) => ({
  contracts: contracts.map((text, at) => ({ place: `contract ${at + 1}`, bytes: Buffer.from(text) })),
});
const judged = async (jsonl: string, ...contracts: readonly string[]) =>
  verifyEvidence(jsonl.trimEnd(), RELEASED, given(...contracts));

describe('evidence whose keys only a contract names', () => {
  test('holds with the contract in the file, and the report says which serial vouches for each key', async () => {
    const report = await judged(fileOf(await contract(), ...(await recordLines(WAYS.delivery))));
    expect(report).toMatchObject({
      holds: true,
      changes: [{ state: 'closed' }],
      contracts: [{ counts: true }],
    });
    expect(report.keys.map(({ duty, signed }) => [duty, signed])).toEqual([
      ['build', 2],
      ['gate', 2],
      ['approve', 1],
      ['deploy', 3],
    ]);
    for (const { vouchedBy } of report.keys) expect(vouchedBy).toMatchObject({ serial: 3 });
    expect(renderReport(report)).toContain(
      'deploy of prod: the contract, serial 3, vouches for it; it signed 3',
    );
  });

  test('holds with the contract beside it, and not without one or with one of another place', async () => {
    const evidence = fileOf(...(await recordLines(WAYS.delivery)));
    expect(await judged(evidence, await contract())).toMatchObject({ holds: true });
    expect(await judged(evidence)).toMatchObject({ holds: false, changes: [] });
    const stranger = await contract({ tenant: 'globex' });
    expect(await judged(evidence, stranger)).toMatchObject({ holds: false, changes: [] });
    const staging = await contract({ environment: 'staging' });
    expect(await judged(evidence, staging)).toMatchObject({ holds: false, changes: [] });
  });

  test('does not hold by a contract that another key than a contract key signed', async () => {
    const evidence = fileOf(await contract({}, KEYS.deploy), ...(await recordLines(WAYS.delivery)));
    const report = verifyEvidence(evidence.trimEnd(), TRUST);
    expect(report.holds).toBe(false);
    expect(report.contracts[0]?.problems).toEqual([expect.stringContaining('has the duty deploy')]);
    expect(report.keys.map(({ vouchedBy }) => vouchedBy)).toEqual(report.keys.map(() => 'trust file'));
    const unknown = await judged(
      fileOf(await contract({}, newKey('contract')), ...(await recordLines(WAYS.denied))),
    );
    expect(unknown).toMatchObject({ holds: false, changes: [] });
  });

  test('does not hold where the contract was altered after it was signed', async () => {
    const envelope = parseJson(await contract({ keys: [] })) as { payload: string };
    const { payload } = parseJson(await contract()) as { payload: string };
    const report = await judged(
      fileOf(canonicalJson({ ...envelope, payload }), ...(await recordLines(WAYS.denied))),
    );
    expect(report).toMatchObject({ holds: false, changes: [] });
    expect(report.contracts[0]?.problems[0]).toContain('does not match the content');
  });
});

describe('of several contracts of one environment', () => {
  const withoutDeploy = ALL.filter(({ duty }) => duty !== 'deploy');

  test('the one with the highest serial says which keys count, wherever it is in the file', async () => {
    const lines = await recordLines(WAYS.delivery);
    const [old, now] = [await contract({ serial: 3 }), await contract({ serial: 4, keys: withoutDeploy })];
    for (const evidence of [
      fileOf(old, now, ...lines),
      fileOf(old, ...lines, now),
      fileOf(now, ...lines, old),
    ])
      expect(await judged(evidence)).toMatchObject({ holds: false });
    expect(await judged(fileOf(old, ...lines), now)).toMatchObject({ holds: false });
    const report = await judged(fileOf(old, ...lines));
    expect(report).toMatchObject({ holds: true });
    expect(renderReport(await judged(fileOf(old, ...lines), now))).toContain('a newer one is at hand');
  });

  test('a replaced key that the newest keeps with its end still proves what it signed before', async () => {
    const lines = await recordLines(WAYS.delivery);
    const ended = (until: string) => [...withoutDeploy, agreed(KEYS.deploy, { until })];
    const kept = await contract({ serial: 4, keys: ended('2026-12-01T00:00:00Z') });
    expect(await judged(fileOf(...lines), kept)).toMatchObject({ holds: true });
    const earlier = await contract({ serial: 4, keys: ended('2026-11-24T09:05:30Z') });
    expect(await judged(fileOf(...lines), earlier)).toMatchObject({ holds: false });
  });

  test('two of one serial that differ count both for nothing', async () => {
    const fork = await contract({ keys: withoutDeploy });
    const report = await judged(fileOf(...(await recordLines(WAYS.delivery))), await contract(), fork);
    expect(report).toMatchObject({
      holds: false,
      changes: [],
      contracts: [{ counts: false }, { counts: false }],
    });
    expect(report.contracts[0]?.problems).toEqual(['has the serial 3 as another contract of acme/prod has']);
    const twice = await judged(
      fileOf(...(await recordLines(WAYS.delivery))),
      await contract(),
      await contract(),
    );
    expect(twice).toMatchObject({ holds: true });
  });
});

describe('the keys of an environment that versions come from', () => {
  const STAGING = { ...CHANGE, environment: 'staging' };
  const sources = { sourceKeys: { staging: ALL }, keys: [] };

  test('count for its record by the contract of the environment that they come to', async () => {
    const there = fileOf(...(await recordLines(WAYS.delivery, STAGING)));
    expect(await judged(there, await contract(sources))).toMatchObject({ holds: true });
    const here = fileOf(...(await recordLines(WAYS.delivery)));
    expect(await judged(here, await contract(sources))).toMatchObject({ holds: false });
  });

  test('give way to what its own contract says', async () => {
    const there = fileOf(...(await recordLines(WAYS.delivery, STAGING)));
    const own = await contract({ environment: 'staging', keys: [] });
    expect(await judged(there, await contract(sources), own)).toMatchObject({ holds: false });
  });
});

test('old evidence holds by the trust file, with or without a contract that names no key', async () => {
  const lines = await recordLines(WAYS.delivery);
  const report = verifyEvidence(fileOf(await contract({ keys: [] }), ...lines).trimEnd(), TRUST);
  expect(report).toMatchObject({ holds: true });
  expect(report.keys.every(({ vouchedBy }) => vouchedBy === 'trust file')).toBe(true);
});
