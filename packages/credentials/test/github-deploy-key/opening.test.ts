import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import type { Snapshot } from '../../src/github-deploy-key/observe.ts';
import { planOpening } from '../../src/github-deploy-key/plan-opening.ts';
import { GITHUB_DEPLOY_KEY_TIMES, type GithubDeployKeyPolicy } from '../../src/github-deploy-key/policy.ts';

const NOW = Date.UTC(2026, 10, 24);

type Key = Exclude<Snapshot['keys'], 'absent'>[number];

function key(fingerprint: string, seen: Partial<Key> = {}): Key {
  return {
    id: 1,
    publicKey: `ssh-ed25519 ${fingerprint}`,
    fingerprint,
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

function escrowOf(current: string | undefined | null): Snapshot['escrow'] {
  const version = current === null ? undefined : { version: 'v1', key: current };
  return { kind: 'usable', current: version, versions: version ? [version] : [], pending: undefined };
}

const CONSUMER: Snapshot['consumers'][number] = {
  id: 'github:acme/orders:CLONE_KEY',
  switching: 'staged',
  cadence: 6 * HOUR,
  obstacles: [],
  current: 'A',
  idle: 'B',
  written: { A: '1' },
  proofs: {},
  holders: { count: 0, examples: [] },
};

/** The kind of the move, with its codes, or what it opens for. */
function planned(parts: Partial<Snapshot>, policy: Partial<GithubDeployKeyPolicy> = {}): string {
  const seen: Snapshot = {
    caller: { account: '000000000042', arn: 'arn:aws:sts::000000000042:assumed-role/td-prod-rotate/run' },
    repository: 'acme/library',
    keys: [key('cur')],
    escrow: escrowOf('cur'),
    consumers: [CONSUMER],
    candidate: 'ssh-ed25519 AAAA',
    ...parts,
  };
  const move = planOpening('ci-clone', seen, { ...GITHUB_DEPLOY_KEY_TIMES, access: 'read', ...policy }, NOW);
  if (move.kind === 'note' && move.note.kind === 'opened')
    return `opened: ${move.note.reason}, old ${move.note.old}`;
  if (move.kind === 'hold') return `hold: ${move.reason.code}`;
  if (move.kind === 'refuse') return `refuse: ${move.reasons.map(({ code }) => code).join(' ')}`;
  return move.kind === 'rest' ? `rest: ${move.facts?.join('; ')}` : move.kind;
}

const young = key('cur', { createdAt: NOW - DAY });
const theirs = key('theirs', { title: 'the mirror of somebody', access: 'write' });

test.each<[string, Partial<Snapshot>, Partial<GithubDeployKeyPolicy>, string]>([
  ['the one in escrow is old', {}, {}, 'opened: due, old cur'],
  ['it is young', { keys: [young] }, {}, 'rest: '],
  ['it is young, and somebody wishes it', { keys: [young] }, { wish: 'forced' }, 'opened: forced, old cur'],
  ['a window is closed', {}, { closedUntil: NOW + HOUR }, 'wait'],
  [
    'it has leaked all the same',
    {},
    { closedUntil: NOW + HOUR, wish: 'compromise' },
    'opened: compromise, old cur',
  ],
  [
    'it may push, and was never used',
    { keys: [{ ...young, access: 'write', lastUse: 'never' }] },
    {},
    'rest: the key cur may push, and the contract says that it only reads; the key cur was never used',
  ],
  ['others have keys of their own there', { keys: [theirs, young] }, {}, 'rest: '],
  ['a key has a title of ours', { keys: [young, key('strange')] }, {}, 'hold: ROTATION_STRANGER'],
  ['the one in escrow was deleted by hand', { keys: [theirs] }, {}, 'hold: ROTATION_KEY_GONE'],
  ['and a new one shall be made', { keys: [theirs] }, { bootstrap: true }, 'opened: bootstrap, old null'],
  ['it is disabled', { keys: [key('cur', { enabled: false })] }, {}, 'hold: ROTATION_OUTAGE'],
  ['none is in escrow', { escrow: escrowOf(null), keys: [theirs] }, {}, 'hold: ROTATION_UNMANAGED'],
  [
    'none is in escrow, and an owner agrees',
    { escrow: escrowOf(null), keys: [theirs] },
    { adopt: 'theirs' },
    'opened: adopted, old theirs',
  ],
  ['there is none at all', { escrow: escrowOf(null), keys: [] }, {}, 'refuse: ROTATION_NO_KEY'],
  ['escrow holds something else', { escrow: escrowOf(undefined) }, {}, 'hold: ROTATION_ESCROW'],
  [
    'several things are wrong at once',
    { keys: 'absent', consumers: [], escrow: { kind: 'absent' } },
    { grace: DAY },
    'refuse: ROTATION_POLICY ROTATION_REPOSITORY ROTATION_ESCROW ROTATION_NO_CONSUMERS',
  ],
])('when %s', (_, parts, policy, expected) => {
  expect(planned(parts, policy)).toBe(expected);
});
