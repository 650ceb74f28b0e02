import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { planIamAccessKey } from '../../src/iam-access-key/plan.ts';
import { planCreation } from '../../src/iam-access-key/plan-creation.ts';
import { DEFAULT_POLICY } from '../../src/iam-access-key/policy.ts';
import { progressOf } from '../../src/iam-access-key/progress.ts';

const NOW = Date.UTC(2026, 10, 24);
const BY = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
const SESSION = 'arn:aws:sts::000000000042:assumed-role/td-rotate-iam/run';

test('a new key is none that was there before, whatever escrow holds, and a rotation goes on for its own user alone', () => {
  const entry = { schemaVersion: 1, credential: 'ci', generation: 1, prev: null, by: BY } as const;
  const at = new Date(NOW - HOUR).toISOString();
  const before = ['old'];
  const opened = {
    kind: 'opened',
    account: '000000000042',
    user: 'arn:aws:iam::000000000042:user/acme-ci',
    reason: 'due',
    before,
    old: 'old',
    consumers: [],
    maxAgeDays: 60,
  } as const;
  const began = { kind: 'began', step: { do: 'create', version: 'v1' }, session: SESSION } as const;
  const entries = [
    { ...entry, seq: 0, at, fact: opened },
    { ...entry, seq: 1, at, fact: began },
  ];
  const progress = progressOf({ credential: 'ci', generation: 1, entries, head: null });
  if (!progress) throw new Error('it was opened');
  const used = { at: NOW - HOUR, service: 's3', region: 'eu-west-1' };
  const key = { id: 'AKIAOLD', fingerprint: 'old', status: 'Active', createdAt: NOW - 61 * DAY } as const;
  const held = { version: 'v1', key: 'old' };
  const seen = {
    caller: { account: '000000000042', arn: SESSION },
    user: { name: 'acme-ci', arn: 'arn:aws:iam::000000000042:user/acme-ci', tags: {} },
    keys: [{ ...key, lastUse: used }],
    escrow: { kind: 'usable', current: held, versions: [held], pending: undefined } as const,
    consumers: [],
    creations: {},
    uses: [],
  };
  const sight = { credential: 'ci', generation: 1, seen, progress, policy: DEFAULT_POLICY, now: NOW };
  expect(planCreation(sight)).toMatchObject({ kind: 'act', step: { do: 'create' } });

  const other = 'arn:aws:iam::000000000042:user/globex-ci';
  const journal = { credential: 'ci', generation: 1, entries, head: null };
  const ofAnother = { ...seen, user: { name: 'globex-ci', arn: other, tags: {} } };
  const { next } = planIamAccessKey(ofAnother, journal, DEFAULT_POLICY, NOW + HOUR, 'p1');
  expect(next).toMatchObject({ kind: 'hold', reason: { code: 'ROTATION_INTERFERED' } });
});
