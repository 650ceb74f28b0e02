import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import type { GithubAppKeyFact } from '../../src/github-app-key/facts.ts';
import type { SeenKey, Snapshot } from '../../src/github-app-key/observe.ts';
import { planGithubAppKey } from '../../src/github-app-key/plan.ts';
import { GITHUB_APP_KEY_TIMES, type GithubAppKeyPolicy } from '../../src/github-app-key/policy.ts';

const NOW = Date.UTC(2026, 10, 24);

function version(name: string, key: string | undefined, of: number | 'rejected' = 77, days = 181): SeenKey {
  const held = key === undefined ? undefined : { key, shown: `SHA256:${key}`, of };
  return { version: name, createdAt: NOW - days * DAY, held };
}

type Versions = { readonly current?: SeenKey; readonly pending?: SeenKey };

const EXTERNAL: Snapshot['consumers'][number] = {
  id: 'external:hq',
  switching: 'acknowledged',
  cadence: 10 * HOUR,
  obstacles: [],
  current: undefined,
  idle: 'escrow',
  written: { escrow: 'escrow' },
  proofs: {},
  holders: { count: 0, examples: [] },
};

/** What comes next, with the journal of a rotation that is open, or without one. */
function planned(
  versions: Versions | { readonly kind: 'absent' },
  policy: Partial<GithubAppKeyPolicy> = {},
  open = false,
  facts: readonly GithubAppKeyFact[] = [],
): string {
  const escrow =
    'kind' in versions
      ? versions
      : ({
          kind: 'usable',
          current: versions.current,
          pending: versions.pending,
          old: versions.current,
          created: undefined,
        } as const);
  const seen: Snapshot = {
    caller: { account: '000000000042', arn: 'arn:aws:sts::000000000042:assumed-role/td-prod-rotate/run' },
    app: 77,
    secret: 'td/rotation/app',
    escrow,
    consumers: [EXTERNAL],
  };
  const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
  const opened = {
    kind: 'opened',
    reason: 'due',
    account: '000000000042',
    app: '77',
    old: 'old',
    oldVersion: 'v1',
    consumers: ['external:hq'],
    maxAgeDays: 180,
  } as const;
  const entry = { schemaVersion: 1, credential: 'app', generation: 1, seq: 0, prev: null, by } as const;
  const entries = (open ? [opened, ...facts] : []).map((fact, seq) => {
    return { ...entry, seq, at: new Date(NOW).toISOString(), fact };
  });
  const journal = { credential: 'app', generation: open ? 1 : 0, entries, head: null };
  const { next } = planGithubAppKey(seen, journal, { ...GITHUB_APP_KEY_TIMES, ...policy }, NOW, 'p1');
  if (next.kind === 'note' && next.note.kind === 'opened')
    return `opened: ${next.note.reason}, old ${next.note.old}`;
  if (next.kind === 'note') return `note: ${next.note.kind}`;
  if (next.kind === 'hold') return `hold: ${next.reason.code}: ${next.reason.message}`;
  if (next.kind === 'refuse') return `refuse: ${next.reasons.map(({ code }) => code).join(' ')}`;
  return next.kind === 'wait' ? `wait: ${next.why}` : next.kind;
}

const old = version('v1', 'old');
const young = version('v1', 'old', 77, 1);
const gone = version('v1', 'old', 'rejected', 1);

test.each<[string, Parameters<typeof planned>[0], Partial<GithubAppKeyPolicy>, RegExp]>([
  ['the key is old', { current: old }, {}, /^opened: due, old old$/],
  ['it is young', { current: young }, {}, /^rest$/],
  ['somebody brought another', { current: young, pending: version('v2', 'new') }, {}, /^opened: staged/],
  ['a window is closed', { current: old }, { closedUntil: NOW + HOUR }, /^wait: the change window is closed/],
  ['GitHub does not know it any more', { current: gone }, {}, /^hold: ROTATION_KEY_GONE/],
  ['and somebody brought another', { current: gone, pending: version('v2', 'new') }, {}, /^opened: gone/],
  [
    'it is of another App',
    { current: version('v1', 'old', 78) },
    {},
    /^hold: ROTATION_ESCROW: .* App 78, not of 77/,
  ],
  ['escrow holds no key', { current: version('v1', undefined) }, {}, /^hold: ROTATION_ESCROW/],
  ['escrow is empty', {}, {}, /^refuse: ROTATION_NO_KEY$/],
  [
    'there is no escrow',
    { kind: 'absent' },
    { drainDeadline: HOUR },
    /^refuse: ROTATION_POLICY ROTATION_ESCROW$/,
  ],
])('when %s', (_, versions, policy, expected) => {
  expect(planned(versions, policy)).toMatch(expected);
});

test.each<[string, SeenKey | undefined, RegExp]>([
  [
    'nothing was brought',
    undefined,
    /^wait: Make a new private key on the settings page of the GitHub App 77/,
  ],
  [
    'what was brought is no key',
    version('v2', undefined),
    /^hold: ROTATION_STAGED_KEY: .* does not hold an RSA private key/,
  ],
  [
    'the old key was brought again',
    version('v2', 'old'),
    /^hold: ROTATION_STAGED_KEY: .* the old key old again/,
  ],
  [
    'GitHub does not know it',
    version('v2', 'new', 'rejected'),
    /^hold: ROTATION_STAGED_KEY: GitHub does not know/,
  ],
  [
    'it is of another App',
    version('v2', 'new', 78),
    /^hold: ROTATION_STAGED_KEY: .* of the App 78, not of 77/,
  ],
  ["it is the App's", version('v2', 'new'), /^note: staged$/],
])('in a rotation that waits for a key, when %s', (_, pending, expected) => {
  expect(planned({ current: old, ...(pending && { pending }) }, {}, true)).toMatch(expected);
});

test('a new key that GitHub does not know any more is never waited with: another one is asked for', () => {
  const brought = version('v2', 'new', 'rejected');
  const facts = [{ kind: 'staged', version: 'v2', key: 'new' }] as const;
  expect(planned({ current: old, pending: brought }, {}, true, facts)).toMatch(
    /^hold: ROTATION_KEY_GONE: .* new is no/,
  );
  expect(planned({ current: old, pending: version('v3', 'newer') }, {}, true, facts)).toBe('note: staged');
});
