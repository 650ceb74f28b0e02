import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import {
  type GithubDeployKeyFact,
  givesKey,
  type Opened,
  type Step,
} from '../../src/github-deploy-key/facts.ts';
import type { Snapshot } from '../../src/github-deploy-key/observe.ts';
import { planGithubDeployKey } from '../../src/github-deploy-key/plan.ts';
import { GITHUB_DEPLOY_KEY_TIMES } from '../../src/github-deploy-key/policy.ts';
import { progressOf } from '../../src/github-deploy-key/progress.ts';
import { sshFingerprint } from '../../src/github-deploy-key/ssh-key.ts';

const NOW = Date.UTC(2026, 10, 24);
const half = (text: string) => `ssh-ed25519 ${Buffer.from(text).toString('base64')}`;
const [OLD, MADE, NEXT, STRANGE] = ['old', 'made', 'next', 'strange'].map(half);
const fingerprint = (key: string | undefined) => sshFingerprint(key ?? '');

type Key = Exclude<Snapshot['keys'], 'absent'>[number];

function key(publicKey = '', seen: Partial<Key> = {}): Key {
  return {
    id: 1,
    publicKey,
    fingerprint: fingerprint(publicKey),
    title: 'td-rotation/ci-clone/0001',
    access: 'read',
    verified: true,
    enabled: true,
    createdAt: NOW - 181 * DAY,
    addedBy: 'rotator[bot]',
    lastUse: NOW - HOUR,
    ...seen,
  };
}

const opened: Opened = {
  kind: 'opened',
  reason: 'due',
  account: '000000000042',
  repository: 'acme/library',
  before: [fingerprint(OLD)],
  old: fingerprint(OLD),
  consumers: [],
  maxAgeDays: 180,
};
const escrow: Step = { do: 'escrow', version: 'v2', key: fingerprint(MADE), publicKey: MADE ?? '' };
const register: Step = {
  do: 'register',
  key: fingerprint(MADE),
  publicKey: MADE ?? '',
  title: 'td-rotation/ci-clone/0001',
  access: 'read',
};
const began = (step: Step): GithubDeployKeyFact => ({ kind: 'began', step, session: 'arn:…:run' });
const ended = (step: Step): GithubDeployKeyFact => ({ kind: 'ended', step, answer: 'done' });

function journalOf(facts: readonly GithubDeployKeyFact[], doubted?: true) {
  const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
  const at = new Date(NOW - HOUR).toISOString();
  const entries = [opened, ...facts].map((fact, seq) => {
    const said = {
      schemaVersion: 1,
      credential: 'ci-clone',
      generation: 1,
      seq,
      prev: null,
      at,
      by,
    } as const;
    return doubted && givesKey(fact) ? { ...said, fact, doubted } : { ...said, fact };
  });
  return { credential: 'ci-clone', generation: 1, entries, head: null };
}

/** What comes after these facts of an hour ago, in what is seen now. */
function next(facts: readonly GithubDeployKeyFact[], parts: Partial<Snapshot> = {}, doubted?: true) {
  const current = { version: 'v1', key: fingerprint(OLD) };
  const seen: Snapshot = {
    caller: { account: '000000000042', arn: 'arn:aws:sts::000000000042:assumed-role/td-prod-rotate/run' },
    repository: 'acme/library',
    keys: [key(OLD)],
    escrow: { kind: 'usable', current, versions: [current], pending: undefined },
    consumers: [],
    candidate: NEXT ?? '',
    ...parts,
  };
  const journal = journalOf(facts, doubted);
  return planGithubDeployKey(seen, journal, { ...GITHUB_DEPLOY_KEY_TIMES, access: 'read' }, NOW, 'p2').next;
}

const holding = (version: string, made: string | undefined): Snapshot['escrow'] => {
  const current = { version: 'v1', key: fingerprint(OLD) };
  return {
    kind: 'usable',
    current,
    versions: [current, { version, key: fingerprint(made) }],
    pending: version,
  };
};

test('a private key that a dead run put into escrow is its own only when it is the one that was announced', () => {
  const mine = next([began(escrow)], { escrow: holding('v2', MADE) });
  expect(mine).toMatchObject({ kind: 'note', note: { kind: 'ended', step: escrow, found: true } });
  const other = next([began(escrow)], { escrow: holding('v2', STRANGE) });
  expect(other).toMatchObject({ kind: 'act', step: { do: 'escrow', publicKey: NEXT } });
  expect(other).not.toMatchObject({ step: { version: 'v2' } });
});

test.each<[string, readonly GithubDeployKeyFact[], Partial<Snapshot>, string]>([
  [
    'a key has a title of ours that nobody knows',
    [],
    { keys: [key(OLD), key(STRANGE)] },
    'ROTATION_STRANGER',
  ],
  ['the credential is of another repository now', [], { repository: 'acme/other' }, 'ROTATION_INTERFERED'],
  ['the repository is gone', [], { keys: 'absent' }, 'ROTATION_REPOSITORY'],
  [
    'the new key was deleted by hand',
    [began(escrow), ended(escrow), began(register), ended(register)],
    { escrow: holding('v2', MADE) },
    'ROTATION_KEY_GONE',
  ],
  [
    'the new key was disabled',
    [began(escrow), ended(escrow), began(register), ended(register)],
    { escrow: holding('v2', MADE), keys: [key(OLD), key(MADE, { enabled: false })] },
    'ROTATION_INTERFERED',
  ],
])('nothing is changed when %s', (_, facts, parts, code) => {
  expect(next(facts, parts)).toMatchObject({ kind: 'hold', reason: { code } });
});

test('a public key that no run of ours announced is neither added nor brought back, whatever lies in the journal', () => {
  const theirs = half('theirs');
  const forged = { do: 'escrow', version: 'v2', key: fingerprint(theirs), publicKey: theirs } as const;
  expect(next([began(forged), ended(forged)])).toMatchObject({ step: { do: 'register', publicKey: theirs } });
  expect(next([began(forged), ended(forged)], {}, true)).toMatchObject({
    step: { do: 'escrow', publicKey: NEXT },
  });
  const taken: Step = { do: 'delete', key: fingerprint(OLD), publicKey: theirs, title: 'x', access: 'write' };
  const progress = progressOf({ ...journalOf([began(taken), ended(taken)], true) });
  expect([progress?.taken, progress?.deleted]).toEqual([undefined, []]);
});
