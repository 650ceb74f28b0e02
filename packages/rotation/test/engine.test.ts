import { expect, test } from '@jest/globals';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { rotate } from '../src/engine.ts';
import type { Kind, Seen } from '../src/kind.ts';

type Step = { readonly do: 'stage' };
type Note = { readonly kind: 'opened' };

const SECRET = 'wJalrXUtnFEMI';
const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };

test('what others say when they refuse a step reaches neither the journal nor the report with a secret in it', async () => {
  const vault = memoryVault();
  const kind: Kind<Seen, Step, Note> = {
    readFact: () => ({ problem: 'is read by nobody' }),
    observe: async () => ({ caller: { arn: 'arn:aws:sts::000011112222:assumed-role/rotator/run' } }),
    plan: (_, { entries }) => ({
      next:
        entries.length === 0
          ? { kind: 'note', note: { kind: 'opened' } }
          : { kind: 'act', step: { do: 'stage' } },
      road: [],
    }),
    apply: async () => ({ answer: 'refused', said: `${SECRET} is too long` }),
    prove: async () => ({ note: { kind: 'opened' } }),
  };
  const clean = (text: string) => text.replaceAll(SECRET, '[redacted]');
  const world = { vault, time: { now: () => 0 }, sleep: async () => {}, by, clean };
  const { outcome, facts } = await rotate('ci', kind, world);
  expect([outcome, ...facts]).toEqual(['failed', 'stage: [redacted] is too long']);
  const stored = await vault.read('rotation/ci/0001/0002.json');
  expect(Buffer.from(stored?.bytes ?? []).toString()).toContain('[redacted] is too long');
});

test('every entry is signed before the step that it claims, after those of runs that died before they could', async () => {
  const said: string[] = [];
  const vault = memoryVault();
  const kind: Kind<Seen, Step, Note> = {
    readFact: () => ({ problem: 'is read by nobody' }),
    observe: async () => ({ caller: { arn: 'arn:aws:sts::000011112222:assumed-role/rotator/run' } }),
    plan: (_, { entries }) => ({
      next:
        entries.length === 0
          ? { kind: 'note', note: { kind: 'opened' } }
          : { kind: 'act', step: { do: 'stage' } },
      road: [],
    }),
    apply: async () => {
      said.push('stage');
      return { answer: 'refused', said: 'no' };
    },
    prove: async () => ({ note: { kind: 'opened' } }),
  };
  const recorder = {
    catchUp: async (credential: string) => void said.push(`catch up with ${credential}`),
    record: async (key: string) => void said.push(key),
    isSignedByItsWriter: async () => true,
  };
  const world = {
    vault,
    time: { now: () => 0 },
    sleep: async () => {},
    by,
    clean: (text: string) => text,
    recorder,
  };
  await rotate('ci', kind, world);
  expect(said).toEqual([
    'catch up with ci',
    'rotation/ci/0001/0000.json',
    'rotation/ci/0001/0001.json',
    'stage',
    'rotation/ci/0001/0002.json',
  ]);
  const late = { ...recorder, isSignedByItsWriter: async () => false };
  const giving = { ...kind, gives: (fact: { readonly kind: string }) => fact.kind === 'began' };
  const doubted = await rotate('mq', giving, { ...world, vault: memoryVault(), recorder: late });
  expect([doubted.facts, said.filter((one) => one === 'stage')]).toEqual([
    ['stage: another run signed the claim first'],
    ['stage'],
  ]);
  const mute = { ...recorder, record: async () => Promise.reject(new Error('KMS does not answer')) };
  const stopped = await rotate('db', kind, { ...world, vault: memoryVault(), recorder: mute });
  expect([stopped.outcome, stopped.facts, said.filter((one) => one === 'stage')]).toEqual([
    'unknown',
    ['KMS does not answer'],
    ['stage'],
  ]);
});
