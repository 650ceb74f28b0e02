import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { describedVersions, labelledIn, moveLabel } from '@tenant-delivery/rotation/test/world/model-labels';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { VpnPskWorld } from '../../src/vpn-psk/observe.ts';

export const ACCOUNT = '000000000042';
const VPN = 'vpn-0acme0000000000';
export const PEER = '203.0.113.10';
const [FIRST, SECOND] = ['198.51.100.1', '198.51.100.2'] as const;

const START = Date.UTC(2026, 10, 24, 9, 0, 0);
const REPLACING = 4 * MINUTE; // AWS says several minutes
const LAG = 20_000; // how late the state of a tunnel is told
const STAGING = 3 * HOUR;

export interface ModelTunnel {
  readonly outside: string;
  aws: string;
  device: string;
  replacedUntil: number;
  /** The customer's people install what AWS has, at this time. */
  installAt: number;
  lineBrokenUntil: number;
  up: boolean;
  /** Each change between up and down. */
  changes: { readonly at: number; readonly up: boolean }[];
}

export interface VpnState {
  now: number;
  processes: number;
  tunnels: readonly [ModelTunnel, ModelTunnel];
  versions: Record<string, { keys: Record<string, string>; stages: string[]; createdAt: number }>;
  vault: Map<string, Uint8Array>;
  /** The tunnel whose key was changed last. */
  changed: number | undefined;
  /** When the customer has the new keys ready at their device. */
  stagedAt: number | undefined;
  /** The person who looked after a return says once more that they are ready. */
  onceMore: boolean;
  /** How long the customer's people take to install a key that AWS has. */
  readonly installing: number;
  violations: string[];
}

function tunnelOf(outside: string): ModelTunnel {
  return {
    outside,
    aws: `before.${outside}`,
    device: `before.${outside}`,
    replacedUntil: 0,
    installAt: Number.POSITIVE_INFINITY,
    lineBrokenUntil: 0,
    up: true,
    changes: [{ at: START - DAY, up: true }],
  };
}

/** `unkept`: escrow does not have the keys of before. */
export function openingVpn({ installing = 3 * MINUTE, unkept = false } = {}): VpnState {
  const tunnels = [tunnelOf(FIRST), tunnelOf(SECOND)] as const;
  const keys = Object.fromEntries(tunnels.map(({ outside, aws }) => [outside, aws]));
  return {
    now: START,
    processes: 0,
    tunnels,
    versions: unkept ? {} : { first: { keys, stages: ['AWSCURRENT'], createdAt: START - 366 * DAY } },
    vault: new Map(),
    changed: undefined,
    stagedAt: undefined,
    onceMore: false,
    installing,
    violations: [],
  };
}

export function cloneVpn(state: VpnState): VpnState {
  const copy = (tunnel: ModelTunnel): ModelTunnel => ({ ...tunnel, changes: [...tunnel.changes] });
  return {
    ...state,
    tunnels: [copy(state.tunnels[0]), copy(state.tunnels[1])],
    versions: Object.fromEntries(
      Object.entries(state.versions).map(([id, one]) => [id, { ...one, stages: [...one.stages] }]),
    ),
    vault: new Map(state.vault),
    violations: [...state.violations],
  };
}

/** Moves time on; AWS, the lines and the customer's people do what is due on the way. */
export function advanceVpn(state: VpnState, until: number): void {
  for (;;) {
    const next = Math.min(
      ...state.tunnels.flatMap((tunnel) =>
        [tunnel.replacedUntil, tunnel.installAt, tunnel.lineBrokenUntil].filter((at) => at > state.now),
      ),
    );
    if (next > until) break;
    state.now = next;
    settleVpn(state);
  }
  state.now = Math.max(state.now, until);
}

export function settleVpn(state: VpnState): void {
  const { now } = state;
  for (const tunnel of state.tunnels) {
    if (tunnel.installAt <= now) {
      tunnel.device = tunnel.aws;
      tunnel.installAt = Number.POSITIVE_INFINITY;
    }
    const up = tunnel.replacedUntil <= now && tunnel.lineBrokenUntil <= now && tunnel.aws === tunnel.device;
    if (up !== tunnel.up) tunnel.changes.push({ at: now, up });
    tunnel.up = up;
  }
  if (state.tunnels.every(({ up, lineBrokenUntil }) => !up && lineBrokenUntil <= now))
    state.violations.push('both tunnels are down, and no line is broken');
}

export function vpnModel(state: VpnState, gate: Gate, session: string) {
  const masks = redaction({ mask: () => {} });
  const calls = modelCalls(gate, () => advanceVpn(state, state.now + 100));
  const { read, change } = calls;
  const born = (keys: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(keys).map(([at, psk]) => [at, Secret.born(psk, fingerprintOf(ACCOUNT, psk), masks)]),
    );
  const world: VpnPskWorld = {
    caller: { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) },
    acknowledged: acknowledgedIn(state),
    tunnels: {
      look: () =>
        read('DescribeVpnConnections', () => ({
          id: VPN,
          state: state.tunnels.some(({ replacedUntil }) => replacedUntil > state.now)
            ? 'modifying'
            : 'available',
          routing: 'bgp',
          peer: PEER,
          keysHidden: true,
          tunnels: state.tunnels.map(({ outside, changes }) => {
            const told = changes.findLast(({ at }) => at <= state.now - LAG) ?? changes[0];
            const up = told?.up === true;
            return {
              outside,
              up,
              since: Math.floor((told?.at ?? 0) / 1000) * 1000,
              routes: up ? 1 : 0,
              provisioned: up,
              replacementPending: false,
            };
          }),
        })),
      install: (outside, key) =>
        change('ModifyVpnTunnelOptions', () => {
          if (state.tunnels.some(({ replacedUntil }) => replacedUntil > state.now))
            return { refused: 'IncorrectState' };
          const index = state.tunnels.findIndex((tunnel) => tunnel.outside === outside);
          const tunnel = state.tunnels[index];
          if (!tunnel) return { refused: 'InvalidParameterValue' };
          judgeInstall(state, tunnel, key.reveal());
          Object.assign(tunnel, {
            aws: key.reveal(),
            replacedUntil: state.now + REPLACING,
            installAt: state.now + REPLACING + state.installing,
          });
          state.changed = index;
          settleVpn(state);
          return undefined;
        }),
    },
    escrow: {
      describe: () => read('DescribeSecret', () => describedVersions(state.versions)),
      read: (version) =>
        read('GetSecretValue', () => {
          const held = state.versions[version];
          return held && { createdAt: held.createdAt, keys: born(held.keys) };
        }),
      put: (version, keys) =>
        change('PutSecretValue', () => {
          const said = Object.fromEntries(Object.entries(keys).map(([at, key]) => [at, key.reveal()]));
          const held = state.versions[version];
          if (held)
            return JSON.stringify(held.keys) === JSON.stringify(said)
              ? undefined
              : { refused: 'ResourceExistsException' };
          const first = Object.keys(state.versions).length === 0;
          const stages = first ? ['TDPENDING', 'AWSCURRENT'] : ['TDPENDING'];
          state.versions[version] = { keys: said, stages, createdAt: state.now };
          state.stagedAt = state.now + STAGING;
          return undefined;
        }),
      promote: (version, from) =>
        change('UpdateSecretVersionStage', () => moveLabel(state.versions, 'AWSCURRENT', version, from)),
      settle: (version) =>
        change('UpdateSecretVersionStage', () => moveLabel(state.versions, 'TDPENDING', undefined, version)),
      forget: (version) =>
        change('UpdateSecretVersionStage', () =>
          moveLabel(state.versions, 'AWSPREVIOUS', undefined, version),
        ),
    },
  };
  return { world, vault: modelVault(state.vault, calls), clean: masks.clean, masks };
}

/** The customer's people acknowledge one key after the other. */
function acknowledgedIn(state: VpnState): VpnPskWorld['acknowledged'] {
  const pending = state.versions[labelledIn(state.versions, 'TDPENDING') ?? ''];
  if (!pending || state.stagedAt === undefined || state.now < state.stagedAt) return [];
  const said = textsOf(state);
  const attested = (outside: string) => said.includes(`"kind":"attested","tunnel":"${outside}"`);
  const back = state.onceMore ? state.tunnels[state.changed ?? 0]?.outside : undefined;
  const outside = back ?? [FIRST, SECOND].find((one) => !attested(one));
  const key = outside === undefined ? undefined : pending.keys[outside];
  return key === undefined ? [] : [{ tunnel: outside, key: fingerprintOf(ACCOUNT, key), by: 'ana' }];
}

export function textsOf({ vault }: VpnState): string {
  return [...vault.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
}

/** What must be true whenever AWS is given a key. */
function judgeInstall(state: VpnState, tunnel: ModelTunnel, psk: string): void {
  const say = (what: string) => state.violations.push(`${tunnel.outside}: ${what}`);
  const other = state.tunnels.find((one) => one !== tunnel);
  if (tunnel.up && !other?.up) say('the last tunnel that was up was changed');
  if (!Object.values(state.versions).some(({ keys }) => keys[tunnel.outside] === psk))
    say('a key was installed that is not in escrow');
  const newest = [...state.vault.keys()].sort().at(-1) ?? '';
  const said = Buffer.from(state.vault.get(newest) ?? []).toString();
  if (!/"do":"install"/.test(said) || !/"kind":"began"/.test(said))
    say('a key was installed without an entry that says so');
  const pending = state.versions[labelledIn(state.versions, 'TDPENDING') ?? ''];
  if (psk !== pending?.keys[tunnel.outside]) return;
  if (state.stagedAt === undefined || state.now < state.stagedAt)
    say('a key was installed before the customer had it ready');
  const [first, second] = state.tunnels;
  if (tunnel !== second) return;
  if (first.aws !== pending.keys[FIRST] || !first.up)
    say('the second tunnel was changed before the first held');
  else if (state.now - (first.changes.at(-1)?.at ?? 0) < 30 * MINUTE)
    say('the second tunnel was changed before the first had held for half an hour');
}
