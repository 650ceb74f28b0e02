import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { planOpening } from '../../src/iam-access-key/plan-opening.ts';
import { DEFAULT_POLICY, type IamAccessKeyPolicy } from '../../src/iam-access-key/policy.ts';
import type { Snapshot } from '../../src/iam-access-key/snapshot.ts';

const NOW = Date.UTC(2026, 10, 24);
const ARN = 'arn:aws:iam::000000000042:user/td-rotatable/acme-ci';

type Key = Snapshot['keys'][number];
type Escrow = Snapshot['escrow'];

function key(fingerprint: string, seen: Partial<Key> = {}): Key {
  return {
    id: `AKIA${fingerprint}`,
    fingerprint,
    status: 'Active',
    createdAt: NOW - 61 * DAY,
    lastUse: { at: NOW - HOUR, service: 's3', region: 'eu-west-1' },
    ...seen,
  };
}

function escrowOf(current: string | undefined): Escrow {
  const version = current === undefined ? undefined : { version: 'v1', key: current };
  return { kind: 'usable', current: version, versions: version ? [version] : [], pending: undefined };
}

const CONSUMER: Snapshot['consumers'][number] = {
  id: 'github:acme/legacy',
  switching: 'staged',
  cadence: 6 * HOUR,
  obstacles: [],
  current: 'A',
  idle: 'B',
  written: { A: '1' },
  proofs: {},
  holders: { count: 0, examples: [] },
};

function seen(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    caller: { account: '000000000042', arn: 'arn:aws:sts::000000000042:assumed-role/td-rotate-iam/run' },
    user: { name: 'acme-ci', arn: ARN, tags: {} },
    keys: [key('cur')],
    escrow: escrowOf('cur'),
    consumers: [CONSUMER],
    creations: {},
    uses: [],
    ...parts,
  };
}

/** The kind of the move, with its codes, or what it opens for. */
function planned(parts: Partial<Snapshot>, policy: Partial<IamAccessKeyPolicy> = {}): string {
  const move = planOpening(seen(parts), { ...DEFAULT_POLICY, ...policy }, NOW);
  if (move.kind === 'note' && move.note.kind === 'opened')
    return `opened: ${move.note.reason}, old ${move.note.old}`;
  if (move.kind === 'hold') return `hold: ${move.reason.code}`;
  if (move.kind === 'refuse') return `refuse: ${move.reasons.map(({ code }) => code).join(' ')}`;
  return move.kind === 'act' ? `act: ${move.step.do}` : move.kind;
}

const young = key('cur', { createdAt: NOW - 5 * DAY });
const other = key('other', { createdAt: NOW - 90 * DAY });
const asleep: Key = {
  ...other,
  status: 'Inactive',
  lastUse: { at: NOW - 70 * DAY, service: 's3', region: '-' },
};

test.each<[string, Partial<Snapshot>, Partial<IamAccessKeyPolicy>, string]>([
  ['the one key in escrow is old', {}, {}, 'opened: due, old cur'],
  ['it is young', { keys: [young] }, {}, 'rest'],
  ['it is young, and somebody wishes it', { keys: [young] }, { wish: 'forced' }, 'opened: forced, old cur'],
  ['it has leaked', { keys: [young] }, { wish: 'compromise' }, 'opened: compromise, old cur'],
  ['a window is closed', {}, { closedUntil: NOW + HOUR }, 'wait'],
  [
    'it has leaked, and a window is closed',
    {},
    { wish: 'compromise', closedUntil: NOW + HOUR },
    'opened: compromise, old cur',
  ],
  ['a key is in no escrow', { escrow: escrowOf(undefined) }, {}, 'hold: ROTATION_UNMANAGED'],
  ['its owner agrees', { escrow: escrowOf(undefined) }, { adopt: 'cur' }, 'opened: adopted, old cur'],
  ['another owner agrees', { escrow: escrowOf(undefined) }, { adopt: 'other' }, 'hold: ROTATION_UNMANAGED'],
  ['the key in escrow is gone', { escrow: escrowOf('gone') }, {}, 'hold: ROTATION_KEY_GONE'],
  ['there is another Active key', { keys: [key('cur'), other] }, {}, 'hold: ROTATION_STRANGER'],
  ['there is another Inactive key', { keys: [key('cur'), asleep] }, {}, 'hold: ROTATION_STRANGER'],
  [
    'somebody gives an Inactive key up',
    { keys: [key('cur'), asleep] },
    { resolve: 'other' },
    'act: delete-orphan',
  ],
  [
    'somebody gives an Active key up',
    { keys: [key('cur'), other] },
    { resolve: 'other' },
    'hold: ROTATION_STRANGER',
  ],
  [
    'somebody gives up a key that was used lately',
    { keys: [key('cur'), { ...asleep, lastUse: { at: NOW - DAY, service: 's3', region: '-' } }] },
    { resolve: 'other' },
    'hold: ROTATION_STRANGER',
  ],
  [
    'two keys, and neither is ours',
    { keys: [key('a'), key('b')], escrow: escrowOf(undefined) },
    {},
    'hold: ROTATION_STRANGER',
  ],
  [
    'both keys are Inactive',
    { keys: [key('cur', { status: 'Inactive' }), asleep] },
    {},
    'hold: ROTATION_OUTAGE',
  ],
  [
    'the key in escrow is Inactive',
    { keys: [key('cur', { status: 'Inactive' })] },
    {},
    'hold: ROTATION_OUTAGE',
  ],
  ['there is no key', { keys: [], escrow: escrowOf(undefined) }, {}, 'refuse: ROTATION_NO_KEY'],
  [
    'there is no key, and there shall be',
    { keys: [], escrow: escrowOf(undefined) },
    { bootstrap: true },
    'opened: bootstrap, old null',
  ],
  [
    'escrow holds no pair',
    {
      escrow: { kind: 'usable', current: { version: 'v', key: undefined }, versions: [], pending: undefined },
    },
    {},
    'hold: ROTATION_ESCROW',
  ],
  ['escrow does not exist', { escrow: { kind: 'absent' } }, {}, 'refuse: ROTATION_ESCROW'],
  [
    'escrow is being deleted',
    { escrow: { kind: 'unusable', why: 'is scheduled for deletion' } },
    {},
    'refuse: ROTATION_ESCROW',
  ],
  [
    'the run is the user itself',
    { caller: { account: '000000000042', arn: ARN } },
    {},
    'refuse: ROTATION_SELF',
  ],
  ['there is no such user', { user: undefined }, {}, 'refuse: ROTATION_USER'],
  [
    'a consumer cannot be reached',
    { consumers: [{ ...CONSUMER, obstacles: ['the environment is absent'] }] },
    {},
    'refuse: ROTATION_CONSUMER',
  ],
  [
    'a policy is shorter than its drain',
    { consumers: [{ ...CONSUMER, cadence: 30 * DAY }] },
    {},
    'refuse: ROTATION_POLICY ROTATION_POLICY',
  ],
  [
    'several things are wrong at once',
    { consumers: [], user: undefined, escrow: { kind: 'absent' } },
    { grace: DAY },
    'refuse: ROTATION_POLICY ROTATION_USER ROTATION_ESCROW ROTATION_NO_CONSUMERS',
  ],
])('when %s', (_, parts, policy, expected) => {
  expect(planned(parts, policy)).toBe(expected);
});
