import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { labelledIn, moveLabel } from '@tenant-delivery/rotation/test/world/model-labels';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { PullThroughWorld } from '../../src/pull-through/observe.ts';

export const ACCOUNT = '000000000042';
export const SECRET = 'ecr-pullthroughcache/hub';
export const PREFIX = 'hub';
const ARN = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${SECRET}-aB3xYz`;
const START = Date.UTC(2026, 10, 24, 9, 0, 0);
/** How long ECR goes on with what it has signed in with before. */
const SESSION = 20 * HOUR;
const LAG = 20_000; // until ECR reads a label that was moved
const PULLS = 30 * MINUTE;

export interface PullState {
  now: number;
  processes: number;
  versions: Record<string, { token: string; stages: string[]; createdAt: number }>;
  /** Tokens that the upstream registry takes. */
  accepted: Set<string>;
  /** Which version was current, from when on. */
  current: { readonly version: string; readonly at: number }[];
  /** With what ECR signed in last. */
  session: { readonly token: string; readonly at: number };
  nextPull: number;
  vault: Map<string, Uint8Array>;
  /** The owner of the credential revokes the new one where a run asks for the old one: an outage that is theirs. */
  readonly confuses: boolean;
  /** The version that a run has asked them to revoke, which they have then done. */
  revoked: string | undefined;
  staged: number;
  violations: string[];
}

/** `bad`: the upstream registry does not take what the owner has staged. */
export function openingPull({ bad = false, confuses = false } = {}): PullState {
  return {
    now: START,
    processes: 0,
    versions: {
      first: { token: 'old-token-0', stages: ['AWSCURRENT'], createdAt: START - 91 * DAY },
      staged1: { token: 'new-token-1', stages: ['TDPENDING'], createdAt: START - HOUR },
    },
    accepted: new Set(bad ? ['old-token-0'] : ['old-token-0', 'new-token-1']),
    current: [{ version: 'first', at: START - 91 * DAY }],
    session: { token: 'old-token-0', at: START - HOUR },
    nextPull: START + PULLS,
    vault: new Map(),
    confuses,
    revoked: undefined,
    staged: 1,
    violations: [],
  };
}

export function clonePull(state: PullState): PullState {
  return {
    ...state,
    versions: Object.fromEntries(
      Object.entries(state.versions).map(([id, one]) => [id, { ...one, stages: [...one.stages] }]),
    ),
    accepted: new Set(state.accepted),
    current: [...state.current],
    vault: new Map(state.vault),
    violations: [...state.violations],
  };
}

/** Images are pulled all the time. */
export function advancePull(state: PullState, until: number): void {
  while (state.nextPull <= until) {
    state.now = Math.max(state.now, state.nextPull);
    state.nextPull += PULLS;
    if (state.now - state.session.at > SESSION) {
      const token = tokenNow(state);
      if (token !== undefined && state.accepted.has(token)) state.session = { token, at: state.now };
      else state.violations.push('outage: ECR could not sign in anew');
    }
    if (!state.accepted.has(state.session.token))
      state.violations.push('outage: what ECR had signed in with was revoked');
    if (state.confuses) state.violations = [];
    // an outage is told once
    if (state.violations.length > 0) state.nextPull = Number.POSITIVE_INFINITY;
  }
  state.now = Math.max(state.now, until);
}

function tokenNow({ current, versions, now }: PullState): string | undefined {
  const told = current.findLast(({ at }) => at <= now - LAG) ?? current[0];
  return versions[told?.version ?? '']?.token;
}

export function noteCurrent(state: PullState): void {
  const version = labelledIn(state.versions, 'AWSCURRENT') ?? '';
  if (state.current.at(-1)?.version !== version) state.current.push({ version, at: state.now });
}

export function pullModel(state: PullState, gate: Gate, session: string) {
  const calls = modelCalls(gate, () => advancePull(state, state.now + 100));
  const { read, change } = calls;
  const world: PullThroughWorld = {
    caller: { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) },
    acknowledged:
      state.revoked === undefined ? undefined : { key: fingerprintOf(ACCOUNT, state.revoked), by: 'ana' },
    secret: {
      describe: () =>
        read('ListSecretVersionIds', () => ({
          kind: 'usable',
          arn: ARN,
          versions: Object.entries(state.versions)
            .filter(([, { stages }]) => stages.length > 0)
            .map(([id, { stages, createdAt }]) => ({ id, stages: [...stages], createdAt })),
        })),
      promote: (version, from) =>
        change('UpdateSecretVersionStage', () => {
          judgeMove(state, version);
          const refused = moveLabel(state.versions, 'AWSCURRENT', version, from);
          noteCurrent(state);
          return refused;
        }),
      settle: (version) =>
        change('UpdateSecretVersionStage', () => moveLabel(state.versions, 'TDPENDING', undefined, version)),
    },
    rules: {
      list: () =>
        read('DescribePullThroughCacheRules', () => [
          { prefix: PREFIX, upstream: 'registry-1.docker.io', credential: ARN },
          { prefix: 'other', upstream: 'ghcr.io', credential: undefined },
        ]),
      validate: () =>
        read('ValidatePullThroughCacheRule', () => {
          const token = tokenNow(state);
          return token !== undefined && state.accepted.has(token)
            ? ({ valid: true } as const)
            : ({ valid: false, failure: 'the credentials were refused' } as const);
        }),
    },
  };
  return { world, vault: modelVault(state.vault, calls) };
}

/** The owner of the credential at the upstream registry does what a run asked for. */
export function ownerActs(state: PullState, said: string): void {
  const version = Object.keys(state.versions).find((id) => said.includes(fingerprintOf(ACCOUNT, id)));
  const current = labelledIn(state.versions, 'AWSCURRENT') ?? '';
  if (version === undefined || version === state.revoked) return;
  if (version === current) state.violations.push('the owner was asked to revoke what is current');
  state.accepted.delete(state.versions[state.confuses ? current : version]?.token ?? '');
  state.revoked = version;
}

/** Only what its owner has staged, or what was there before, is ever made current. */
function judgeMove(state: PullState, version: string): void {
  const newest = [...state.vault.keys()].sort().at(-1) ?? '';
  if (
    !Buffer.from(state.vault.get(newest) ?? [])
      .toString()
      .includes('"kind":"began"')
  )
    state.violations.push('a label was moved without an entry that says so');
  const held = state.versions[version];
  if (version !== 'first' && !held?.stages.includes('TDPENDING'))
    state.violations.push('what its owner has not staged was made current');
  if (version === state.revoked) state.violations.push('what may be revoked was made current again');
}
