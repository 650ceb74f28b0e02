import { expect, test } from '@jest/globals';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { seal } from '../src/dsse.ts';
import { renderReport } from '../src/render-report.ts';
import { exportRotation, type RotationVoice, rotationRecorder } from '../src/rotation-record.ts';
import { verifyEvidence } from '../src/verify.ts';
import { AT, KEYS, newKey, TRUST } from './record-of.ts';

const FACTS = ['opened', 'began', 'ended', 'proved', 'closed', 'began', 'ended', 'opened', 'closed'] as const;

const voice = (more: Partial<RotationVoice> = {}): RotationVoice => ({
  signer: KEYS.rotate.signer,
  trust: TRUST,
  tenant: 'acme',
  environment: 'prod',
  contract: digestOf('the contract'),
  run: runOf('9001'),
  now: () => AT,
  ...more,
});

function runOf(runId: string) {
  return {
    repository: 'OWNER/tenant-operations',
    repositoryId: '700002',
    runId,
    runAttempt: 1,
    jobWorkflowRef: 'OWNER/tenant-delivery/.github/workflows/rotate-access.yml@refs/tags/v0.1.0',
    sha: '0'.repeat(40),
    event: 'schedule',
  };
}

/** The entries of two rotations of one credential, as a journal chains them. */
function journal(credential = 'ci-legacy', facts: readonly string[] = FACTS) {
  let prev: Digest | null = null;
  let [generation, seq] = [0, -1];
  return facts.map((kind) => {
    if (kind === 'opened') [generation, seq] = [generation + 1, 0];
    else seq += 1;
    const by = { run: '9001', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'one' };
    const at = new Date(AT + seq * 60_000).toISOString();
    const entry = { schemaVersion: 1, credential, generation, seq, prev, at, by, fact: { kind } };
    const bytes = Buffer.from(canonicalJson(entry));
    prev = digestOf(bytes);
    const key = `rotation/${credential}/${String(generation).padStart(4, '0')}/${String(seq).padStart(4, '0')}.json`;
    return { key, bytes };
  });
}

async function signed(entries = journal(), said = voice(), vault: Vault = memoryVault()): Promise<string[]> {
  const recorder = rotationRecorder(vault, said);
  for (const { key, bytes } of entries) await recorder.record(key, bytes);
  return (await exportRotation(vault, 'prod', 'ci-legacy')).trimEnd().split('\n');
}

const judged = (lines: readonly string[], trust = TRUST) => verifyEvidence(`${lines.join('\n')}\n`, trust);

test('the signed entries of a rotation verify offline, from the first that is at hand to the one that closes it', async () => {
  const entries = journal();
  const lines = await signed(entries);
  const report = judged(lines);
  expect(report).toMatchObject({ holds: true, rotations: [{ generation: 2, entries: 9, late: 0 }] });
  expect(report.rotations[0]?.head).toBe(digestOf(entries.at(-1)?.bytes ?? ''));
  expect(judged(lines.slice(7)).holds).toBe(true);
  expect(renderReport(report)).toContain('Everything holds: 9 lines, 1 rotated credential');
});

test.each<[string, (lines: string[]) => string[], string]>([
  ['is cut off at its end', (lines) => lines.slice(0, 4), 'not closed, or its last entries were cut off'],
  ['lacks one in the middle', (lines) => lines.toSpliced(2, 1), 'does not name the entry before it'],
  ['begins in the middle', (lines) => lines.slice(1), 'is not the first entry of its rotation'],
  [
    'has two in another order',
    ([a, b, c, ...more]) => [a, c, b, ...more].map(String),
    'entry 2 of rotation 1',
  ],
  ['has one twice', ([a, b, ...more]) => [a, b, b, ...more].map(String), 'entry 1 of rotation 1'],
  [
    'lost the end of a rotation before another was opened',
    (lines) => lines.toSpliced(2, 5),
    'opens a rotation before the one before it was closed',
  ],
  [
    'has a word changed',
    ([first = '', ...more]) => [
      first.replace(/"payload":"([^"]+)"/, (_, payload: string) => {
        const said = Buffer.from(payload, 'base64').toString().replaceAll('c0ffee', 'deface');
        return `"payload":"${Buffer.from(said).toString('base64')}"`;
      }),
      ...more,
    ],
    'does not match the content',
  ],
])('a record that %s does not hold', async (_, change, why) => {
  const report = judged(change(await signed()));
  const said = [...report.lines, ...report.rotations].flatMap(({ problems }) => problems).join('; ');
  expect(report.holds).toBe(false);
  expect(said).toContain(why);
});

test('only the rotate key of the place itself speaks for a rotation, and of no other entry than the one it has', async () => {
  const [first] = journal();
  if (!first) throw new Error('the journal has entries');
  await expect(signed([first], voice({ signer: KEYS.deploy.signer }))).rejects.toMatchObject({
    code: 'EVENT_UNVERIFIABLE',
  });
  const other = newKey('rotate', { tenant: 'globex', environment: 'prod' });
  const trust = { ...TRUST, keys: [other.trusted] };
  await expect(signed([first], voice({ signer: other.signer, trust }))).rejects.toMatchObject({
    message: expect.stringContaining('bound to the tenant globex'),
  });
  const [line = ''] = await signed([first]);
  const payload = JSON.parse(Buffer.from(JSON.parse(line).payload, 'base64').toString());
  const [second] = journal('db-legacy', ['opened']);
  payload.predicate.entry = JSON.parse(second?.bytes.toString() ?? '');
  const moved = await seal(
    KEYS.rotate.signer,
    'application/vnd.in-toto+json',
    Buffer.from(canonicalJson(payload)),
  );
  expect(judged([Buffer.from(moved).toString()]).lines[0]?.problems).toEqual([
    'is about another entry than the one that it has',
  ]);
});

test('what a run wrote that died before it signed is signed by a later one, which says so', async () => {
  const vault = memoryVault();
  const entries = journal();
  for (const { key, bytes } of entries) await vault.create(key, bytes);
  await signed(entries.slice(0, 3), voice(), vault);
  await rotationRecorder(vault, voice({ run: runOf('9002') })).catchUp('ci-legacy');
  const report = judged((await exportRotation(vault, 'prod', 'ci-legacy')).trimEnd().split('\n'));
  expect(report).toMatchObject({ holds: true, rotations: [{ entries: 9, late: 6 }] });
  expect(renderReport(report)).toContain('6 signed by a later run');
});

test('an entry that was found is signed as such, also by the run in whose name it was written', async () => {
  const vault = memoryVault();
  const [own, forged] = journal();
  if (!own || !forged) throw new Error('the journal has entries');
  const recorder = rotationRecorder(vault, voice());
  await recorder.record(own.key, own.bytes);
  await vault.create(forged.key, forged.bytes);
  await recorder.catchUp('ci-legacy');
  const signed = [own, forged].map(({ key, bytes }) => recorder.isSignedByItsWriter(key, bytes));
  expect(await Promise.all(signed)).toEqual([true, false]);
  expect(await recorder.isSignedByItsWriter(own.key, forged.bytes)).toBe(false);
});

test('an entry is signed once: the same again changes nothing, and another in its place is refused', async () => {
  const vault = memoryVault();
  const lines = await signed(journal(), voice(), vault);
  expect(await signed(journal(), voice({ now: () => AT + 1 }), vault)).toEqual(lines);
  const [other] = journal('ci-legacy', ['opened']);
  const forged = Buffer.from(other?.bytes.toString().replace('c0ffee', 'deface') ?? '');
  await expect(rotationRecorder(vault, voice()).record(other?.key ?? '', forged)).rejects.toMatchObject({
    code: 'EVIDENCE_BROKEN',
  });
});
