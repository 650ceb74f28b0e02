import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Digest } from '@tenant-delivery/domain';
import { type ReviewedContract, readRecord, sealRecord } from '../src/contract-record.ts';
import { keyIdOf, keySigner } from '../src/keys.ts';
import { renderReport } from '../src/render-report.ts';
import type { TrustFile } from '../src/trust.ts';
import { verifyEvidence } from '../src/verify.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey, publicKey } = pair();
const signer = keySigner(privateKey, 'contract');
const trust: TrustFile = {
  schemaVersion: 1,
  keys: [
    {
      keyId: keyIdOf(publicKey),
      duty: 'contract',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      from: '2026-01-01T00:00:00Z',
    },
  ],
};

const digest = (serial: number): Digest => `sha256:${String(serial).padStart(64, '0')}`;
const ANA = { id: 1, login: 'ana' };
const KIM = { id: 2, login: 'kim' };

type Sealable = Parameters<typeof sealRecord>[0];

/** Of the contract that follows `before`. */
function record(
  serial: number,
  before = serial - 1,
  change: Partial<ReviewedContract> = {},
): ReviewedContract {
  return {
    schemaVersion: 1,
    tenant: 'acme',
    environment: 'prod',
    serial,
    contract: digest(serial),
    before: { serial: before, contract: digest(before) },
    at: '2026-11-24T09:00:00.000Z',
    askedBy: [ANA],
    approvedBy: [KIM],
    run: { repository: 'initech/tenant-operations', runId: '12', runAttempt: 1, sha: 'a'.repeat(40) },
    changes: ['orders in prod may grow to 8 tasks instead of 6.'],
    ...change,
  };
}

const lines = async (...records: readonly Sealable[]) => {
  const sealed = await Promise.all(records.map((each) => sealRecord(each, signer)));
  return sealed.map((bytes) => Buffer.from(bytes).toString()).join('\n');
};

test('is verified offline: who asked, who agreed, and what it changed', async () => {
  const report = verifyEvidence(await lines(record(2), record(3)), trust);
  expect(report).toMatchObject({ holds: true, histories: [{ id: 'contract/acme/prod', serial: 3 }] });
  const shown = renderReport(report);
  expect(shown).toContain('3 contract    2026-11-24T09:00:00.000Z by ana');
  expect(shown).toContain('approved by kim in run 12 of initech/tenant-operations at aaaaaaaa');
  expect(shown).toContain('orders in prod may grow to 8 tasks instead of 6.');
});

test('a serial that was published without a record is a gap', async () => {
  const report = verifyEvidence(await lines(record(2), record(4)), trust);
  expect(report.holds).toBe(false);
  expect(report.lines[1]?.problems).toEqual([
    expect.stringContaining(
      'follows serial 3, and the record before it is of serial 2: what came between was published by hand and without a record, which cannot be added any more',
    ),
  ]);
});

test('of a contract that a person signed by hand says so, and that no job vouches for it', async () => {
  const { askedBy: _, approvedBy: _by, run: _run, ...same } = record(3);
  const byHand = { principal: 'arn:aws:iam::000011112222:user/kim', reason: 'GitHub was down' };
  const report = verifyEvidence(await lines(record(2), { ...same, schemaVersion: 2, byHand }), trust);
  expect(report).toMatchObject({ holds: true, histories: [{ serial: 3 }] });
  const shown = renderReport(report);
  expect(shown).toContain('by arn:aws:iam::000011112222:user/kim');
  expect(shown).toContain('signed by hand by arn:aws:iam::000011112222:user/kim, because: GitHub was down');
  expect(shown).toContain('no job vouches for who asked for it or who agreed');
});

test.each<readonly [string, Sealable, string]>([
  [
    'of somebody who approved what they asked for',
    record(2, 1, { approvedBy: [KIM, ANA] }),
    'ana asked for serial 2 and approved it',
  ],
  [
    'of nobody who approved',
    record(2, 1, { approvedBy: [] }),
    'is no record of a contract that this release reads',
  ],
  ['of a serial that does not rise', record(2, 2), 'serial 2 does not come after 2'],
])('counts for nothing: one %s', async (_, wrong, problem) => {
  expect(readRecord(await sealRecord(wrong, signer), trust)).toEqual({ problems: [problem] });
});

test('counts for nothing when somebody else signed it, or when a letter of it was changed', async () => {
  const strange = await sealRecord(record(2), keySigner(pair().privateKey, 'contract'));
  expect(readRecord(strange, trust)).toMatchObject({ problems: [expect.stringContaining('key')] });
  const sealed = JSON.parse(Buffer.from(await sealRecord(record(2), signer)).toString());
  const payload = Buffer.from(sealed.payload, 'base64').toString().replace('kim', 'tim');
  const changed = { ...sealed, payload: Buffer.from(payload).toString('base64') };
  expect(readRecord(Buffer.from(JSON.stringify(changed)), trust)).toHaveProperty('problems');
});
