import { describe, expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { Entry } from '@tenant-delivery/rotation/journal-entry';
import type { Install, VpnPskFact } from '../../src/vpn-psk/facts.ts';
import { planVpnPsk } from '../../src/vpn-psk/plan.ts';
import { DEFAULT_VPN_PSK_POLICY, type VpnPskPolicy } from '../../src/vpn-psk/policy.ts';
import { progressOf } from '../../src/vpn-psk/progress.ts';
import type { Snapshot } from '../../src/vpn-psk/snapshot.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const ACCOUNT = '000000000042';
const PEER = '203.0.113.10';
const [FIRST, SECOND] = ['198.51.100.1', '198.51.100.2'] as const;

type Tunnel = NonNullable<Snapshot['connection']>['tunnels'][number];
type Changes = Partial<NonNullable<Snapshot['connection']>> & { readonly first?: Partial<Tunnel> };
type Versions = Extract<Snapshot['escrow'], { readonly kind: 'usable' }>['versions'];

function tunnel(outside: string, change: Partial<Tunnel> = {}): Tunnel {
  const steady = { up: true, since: NOW - DAY, routes: 1, provisioned: true, replacementPending: false };
  return { outside, ...steady, ...change };
}

const BEFORE = {
  version: 'before',
  createdAt: NOW - 400 * DAY,
  stages: ['AWSCURRENT'],
  keys: { [FIRST]: 'old-1', [SECOND]: 'old-2' },
};

function seen({ first, ...change }: Changes = {}, versions: Versions = [BEFORE]): Snapshot {
  return {
    caller: { account: ACCOUNT, arn: 'arn:aws:sts::000000000042:assumed-role/td-prod-rotate-vpn/run' },
    connection: {
      id: 'vpn-0acme',
      state: 'available',
      routing: 'bgp',
      peer: PEER,
      keysHidden: true,
      tunnels: [tunnel(FIRST, first), tunnel(SECOND)],
      ...change,
    },
    escrow: {
      kind: 'usable',
      current: versions.find(({ stages }) => stages.includes('AWSCURRENT')),
      versions,
    },
    acknowledged: [],
  };
}

function planned(
  snapshot: Snapshot,
  policy: Partial<VpnPskPolicy> = {},
  facts: readonly (readonly [number, VpnPskFact])[] = [],
  process = 'p1',
): string {
  const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
  const entries = facts.map(
    ([at, fact], seq): Entry<VpnPskFact> => ({
      schemaVersion: 1,
      credential: 'acme-hq',
      generation: 1,
      seq,
      prev: null,
      at: new Date(at).toISOString(),
      by,
      fact,
    }),
  );
  const journal = { credential: 'acme-hq', generation: 1, entries, head: null };
  const agreed = { ...DEFAULT_VPN_PSK_POLICY, peer: PEER, ...policy };
  const { next } = planVpnPsk(snapshot, journal, agreed, NOW, process);
  if (next.kind === 'hold') return `hold: ${next.reason.code}`;
  if (next.kind === 'refuse') return `refuse: ${next.reasons.map(({ code }) => code).join(' ')}`;
  if (next.kind === 'wait') return `wait ${(next.until - NOW) / MINUTE} minutes`;
  if (next.kind === 'act' && next.step.do === 'install') return `install ${next.step.why}`;
  if (next.kind === 'note' && next.note.kind === 'opened') return `opened: ${next.note.reason}`;
  return next.kind === 'act' ? next.step.do : next.kind;
}

describe('a rotation', () => {
  test.each<[string, Snapshot, Partial<VpnPskPolicy>, string]>([
    ['begins when the keys are old', seen(), {}, 'opened: due'],
    ['rests while they are young', seen({}, [{ ...BEFORE, createdAt: NOW - DAY }]), {}, 'rest'],
    ['waits for the end of a freeze', seen(), { closedUntil: NOW + HOUR }, 'wait 60 minutes'],
    [
      'waits for no freeze after a leak',
      seen(),
      { closedUntil: NOW + HOUR, wish: 'compromise' },
      'opened: compromise',
    ],
    [
      'waits for half an hour of both tunnels',
      seen({ first: { since: NOW - 10 * MINUTE } }),
      {},
      'wait 20 minutes',
    ],
    ['holds while one is down', seen({ first: { up: false } }), {}, 'hold: ROTATION_TUNNEL_DOWN'],
    ['holds while one has no route', seen({ first: { routes: 0 } }), {}, 'hold: ROTATION_TUNNEL_DOWN'],
    [
      'asks for no routes where they are static',
      seen({ first: { routes: 0 }, routing: 'static' }),
      {},
      'opened: due',
    ],
    [
      'holds before a replacement',
      seen({ first: { replacementPending: true } }),
      {},
      'hold: ROTATION_TUNNEL_MAINTENANCE',
    ],
    ['waits while AWS changes something', seen({ state: 'modifying' }), {}, 'wait 1 minutes'],
    ['is refused for another peer', seen({ peer: '203.0.113.99' }), {}, 'refuse: ROTATION_VPN'],
    [
      'is refused while keys are shown',
      seen({ keysHidden: false }),
      {},
      'refuse: ROTATION_VPN_KEYS_READABLE',
    ],
    ['is refused without a way back', seen({}, []), {}, 'refuse: ROTATION_NO_WAY_BACK'],
    ['goes without one when that is wished', seen({}, []), { bootstrap: true }, 'opened: bootstrap'],
    [
      'is refused for keys of other tunnels',
      seen({}, [{ ...BEFORE, keys: { x: 'y' } }]),
      {},
      'refuse: ROTATION_NO_WAY_BACK',
    ],
  ])('%s', (_, snapshot, policy, expected) => {
    expect(planned(snapshot, policy)).toBe(expected);
  });
});

const opened = (previous: string | null = 'before'): VpnPskFact => ({
  kind: 'opened',
  reason: 'due',
  account: ACCOUNT,
  connection: 'vpn-0acme',
  tunnels: [FIRST, SECOND],
  previous,
});
const empty = { credential: 'acme-hq', generation: 1, head: null };
const entry = { schemaVersion: 1, credential: 'acme-hq', generation: 1, seq: 0, prev: null } as const;
const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
const version =
  progressOf({ ...empty, entries: [{ ...entry, at: new Date(NOW).toISOString(), by, fact: opened() }] })
    ?.version ?? '';
const NEW = {
  version,
  createdAt: NOW - 8 * HOUR,
  stages: ['TDPENDING'],
  keys: { [FIRST]: 'new-1', [SECOND]: 'new-2' },
};
const step: Install = { do: 'install', tunnel: FIRST, version, why: 'new' };

/** The first tunnel got its key that long ago, and nobody knows whether where `unsure`. */
function changed(ago: number, unsure = false, previous: string | null = 'before') {
  const escrow = { do: 'escrow', version } as const;
  const at = NOW - ago;
  const facts: (readonly [number, VpnPskFact])[] = [
    [NOW - 9 * HOUR, opened(previous)],
    [NOW - 8 * HOUR, { kind: 'ended', step: escrow, answer: 'done' }],
    [NOW - 7 * HOUR, { kind: 'attested', tunnel: FIRST, key: 'new-1', by: 'ana' }],
    [at, { kind: 'began', step, session: 'arn' }],
  ];
  return unsure ? facts : [...facts, [at, { kind: 'ended', step, answer: 'done' } as const] as const];
}

describe('the change of a tunnel', () => {
  const down = { up: false, since: NOW - HOUR };
  const both = [BEFORE, NEW];
  const bothDown = { tunnels: [tunnel(FIRST, down), tunnel(SECOND, down)] };
  test.each<[string, string, Changes, Partial<VpnPskPolicy>, ReturnType<typeof changed>]>([
    ['waits for the customer', 'wait 1 minutes', { first: down }, {}, changed(HOUR)],
    ['calls people after four hours', 'hold: ROTATION_TUNNEL_SILENT', { first: down }, {}, changed(5 * HOUR)],
    [
      'goes back when its key is given up',
      'install back',
      { first: down },
      { giveUp: 'new-1' },
      changed(HOUR),
    ],
    ['goes back when the other one is down too', 'install back', bothDown, {}, changed(HOUR)],
    [
      'holds then when the key of before has leaked',
      'hold: ROTATION_TUNNEL_DOWN',
      bothDown,
      {},
      [...changed(HOUR), [NOW, { kind: 'compromised' }]],
    ],
    [
      'holds then when there is no key of before',
      'hold: ROTATION_TUNNEL_DOWN',
      bothDown,
      {},
      changed(HOUR, false, null),
    ],
    [
      'is not taken back from a tunnel that is up',
      'hold: ROTATION_TUNNEL_DOWN',
      { tunnels: [tunnel(FIRST, { since: NOW - 50 * MINUTE }), tunnel(SECOND, down)] },
      {},
      changed(HOUR),
    ],
    ['holds for half an hour', 'wait 20 minutes', { first: { since: NOW - 10 * MINUTE } }, {}, changed(HOUR)],
    ['is done then', 'note', { first: { since: NOW - 40 * MINUTE } }, {}, changed(HOUR)],
    [
      'is made once more with the same key when a run died over it',
      'install again',
      { first: down },
      {},
      changed(HOUR, true),
    ],
    ['waits until AWS can tell', 'wait 3 minutes', { first: down }, {}, changed(2 * MINUTE, true)],
    [
      'is made as new where the tunnel is up after a run died over it',
      'note',
      { first: { since: NOW - 40 * MINUTE } },
      {},
      changed(HOUR, true),
    ],
    [
      "holds when the keys are somebody else's connection",
      'hold: ROTATION_INTERFERED',
      { id: 'vpn-0other' },
      {},
      changed(HOUR),
    ],
  ])('%s', (_, expected, change, policy, facts) => {
    const snapshot = seen(
      change,
      previousOf(facts) === null ? [{ ...NEW, stages: ['TDPENDING', 'AWSCURRENT'] }] : both,
    );
    expect(planned(snapshot, policy, facts)).toBe(expected);
  });
});

function previousOf(facts: ReturnType<typeof changed>): string | null | undefined {
  const [first] = facts;
  return first?.[1].kind === 'opened' ? first[1].previous : undefined;
}

test('the word that brought a change about does not bring it about again after the key of before came back', () => {
  const back = { do: 'install', tunnel: FIRST, version: 'before', why: 'back', because: 'x' } as const;
  const facts = [
    ...changed(HOUR),
    [NOW - 40 * MINUTE, { kind: 'began', step: back, session: 'arn' }] as const,
    [NOW - 40 * MINUTE, { kind: 'ended', step: back, answer: 'done' }] as const,
  ];
  const said = { ...seen({}, [BEFORE, NEW]), acknowledged: [{ tunnel: FIRST, key: 'new-1', by: 'ana' }] };
  expect(planned(said, {}, facts)).toBe('hold: ROTATION_TUNNEL_RETURNED');
  expect(planned(said, {}, facts, 'p2')).toBe('note');
  expect(
    planned(seen({}, [BEFORE, NEW]), {}, [
      ...facts,
      [NOW, { kind: 'attested', tunnel: FIRST, key: 'new-1', by: 'ana' }],
    ]),
  ).toBe('install new');
});
