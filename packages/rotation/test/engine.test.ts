import { expect, test } from '@jest/globals';
import { memoryVault } from '@tenant-delivery/vault';
import { type Kind, rotate } from '../src/engine.ts';

type Step = { readonly do: 'stage' };
type Note = { readonly kind: 'opened' };

const SECRET = 'wJalrXUtnFEMI';
const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };

test('what others say when they refuse a step reaches neither the journal nor the report with a secret in it', async () => {
  const vault = memoryVault();
  const kind: Kind<object, Step, Note> = {
    readFact: () => ({ problem: 'is read by nobody' }),
    observe: async () => ({}),
    plan: (_, { entries }) => ({
      next:
        entries.length === 0
          ? { kind: 'note', note: { kind: 'opened' } }
          : { kind: 'act', step: { do: 'stage' } },
      road: [],
    }),
    apply: async () => ({ answer: 'refused', said: `${SECRET} is too long` }),
    prove: async () => ({ note: { kind: 'opened' } }),
    sessionOf: () => 'arn:aws:sts::000011112222:assumed-role/rotator/run',
  };
  const clean = (text: string) => text.replaceAll(SECRET, '[redacted]');
  const world = { vault, time: { now: () => 0 }, sleep: async () => {}, by, clean };
  const { outcome, facts } = await rotate('ci', kind, world);
  expect([outcome, ...facts]).toEqual(['failed', 'stage: [redacted] is too long']);
  const stored = await vault.read('rotation/ci/0001/0002.json');
  expect(Buffer.from(stored?.bytes ?? []).toString()).toContain('[redacted] is too long');
});
