import { randomBytes } from 'node:crypto';
import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import { endingOf } from '@tenant-delivery/rotation/ending';
import { rotate } from '@tenant-delivery/rotation/engine';
import type { Kind } from '@tenant-delivery/rotation/kind';
import { formsOf, Secret } from '@tenant-delivery/rotation/secret';
import type { Stage, UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { labelledIn } from '@tenant-delivery/rotation/test/world/model-labels';
import { modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import type { Note, Step } from '../../src/vpn-psk/facts.ts';
import { vpnPskKind } from '../../src/vpn-psk/kind.ts';
import type { VpnPskWorld } from '../../src/vpn-psk/observe.ts';
import { DEFAULT_VPN_PSK_POLICY } from '../../src/vpn-psk/policy.ts';
import { drawPsk } from '../../src/vpn-psk/psk.ts';
import type { Snapshot } from '../../src/vpn-psk/snapshot.ts';
import {
  ACCOUNT,
  advanceVpn,
  cloneVpn,
  openingVpn,
  PEER,
  settleVpn,
  textsOf,
  type VpnState,
  vpnModel,
} from './model.ts';

/** A line breaks for two hours: of the tunnel that is being changed, or of the other one. Or somebody moves a label. */
export type Meddling = 'own-line' | 'other-line' | 'label';

export type VpnPskKind = Kind<Snapshot, Step, Note>;
export type Sabotage = (kind: VpnPskKind, world: VpnPskWorld) => VpnPskKind;

export interface VpnStory {
  readonly setting?: Parameters<typeof openingVpn>[0];
  readonly troubles: readonly (readonly (Meddling | UsualTrouble)[])[];
  readonly bootstrap?: boolean;
  /** For the controls, which must fail. */
  readonly sabotage?: Sabotage;
  /** What the harness must say of it. */
  readonly says?: string;
}

export function vpnStage({ setting, bootstrap, sabotage }: VpnStory): Stage<VpnState, Meddling> {
  return {
    begin: () => openingVpn(setting),
    clone: cloneVpn,
    advance: advanceVpn,
    run: async (state, gate) => {
      const { process, time, sleep, by } = modelRun(state, advanceVpn);
      const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate-vpn/td-acme-prod-${process}`;
      const { world, vault, clean, masks } = vpnModel(state, gate, session);
      const policy = { ...DEFAULT_VPN_PSK_POLICY, peer: PEER, bootstrap };
      const kind = vpnPskKind(world, policy, { masker: masks, process });
      const shipped = sabotage?.(kind, world) ?? kind;
      const end = await rotate('acme-hq', shipped, { vault, time, sleep, by, clean });
      state.onceMore = false;
      return end;
    },
    meddle,
    meddling: ['own-line', 'other-line', 'label'],
    heal: (state) => {
      for (const tunnel of state.tunnels)
        tunnel.lineBrokenUntil = Math.min(tunnel.lineBrokenUntil, state.now);
      settleVpn(state);
      const first = state.versions['first'];
      if (state.versions['stray']) {
        delete state.versions['stray'];
        first?.stages.push('AWSCURRENT');
      }
      state.onceMore = true;
      advanceVpn(state, state.now + HOUR); // both sides look
    },
    violations: ({ violations }) => violations,
    judgeEnd,
    judgeRecord: (state) => {
      const written = textsOf(state);
      const psks = Object.values(state.versions).flatMap(({ keys }) => Object.values(keys));
      const seen = psks.some((psk) => formsOf(psk).some((form) => written.includes(form)));
      return seen ? ['a key is in the journal'] : [];
    },
  };
}

function meddle(state: VpnState, trouble: Meddling | UsualTrouble): void {
  if (trouble === 'label' && state.vault.size > 0) {
    const current = state.versions[labelledIn(state.versions, 'AWSCURRENT') ?? ''];
    if (current !== state.versions['first'] || !current) return;
    current.stages = current.stages.filter((stage) => stage !== 'AWSCURRENT');
    state.versions['stray'] = { keys: {}, stages: ['AWSCURRENT'], createdAt: state.now };
    return;
  }
  if (trouble !== 'own-line' && trouble !== 'other-line') return;
  const own = state.changed ?? 0;
  const tunnel = state.tunnels[trouble === 'own-line' ? own : 1 - own];
  if (tunnel) tunnel.lineBrokenUntil = state.now + 2 * HOUR;
  settleVpn(state);
}

function judgeEnd(state: VpnState): readonly string[] {
  const says: string[] = [];
  const current = labelledIn(state.versions, 'AWSCURRENT') ?? '';
  const keys = state.versions[current]?.keys;
  if (current === 'first') says.push('the keys of before are still current');
  for (const { outside, aws, device } of state.tunnels) {
    if (aws !== keys?.[outside]) says.push(`${outside} has another key at AWS than escrow`);
    if (device !== keys?.[outside]) says.push(`${outside} has another key at the device than escrow`);
  }
  for (const stage of ['TDPENDING', 'AWSPREVIOUS'])
    if (labelledIn(state.versions, stage) !== undefined) says.push(`${stage} is still on a version`);
  return says;
}

/** Plans and steps that leave out one of the reasons for which the shipped ones wait, look or ask. */
interface Control extends VpnStory {
  readonly sabotage: Sabotage;
  /** What the harness must say. */
  readonly says: string;
}

export const CONTROLS: Readonly<Record<string, Control>> = {
  'no acknowledgement': {
    troubles: [],
    says: 'before the customer had it ready',
    sabotage: (kind) =>
      planning(kind, (seen) => {
        const open = seen.escrow.kind === 'usable' ? seen.escrow.versions : [];
        const keys = open.find(({ stages }) => stages.includes('TDPENDING'))?.keys ?? {};
        const said = Object.entries(keys).map(([tunnel, key]) => ({ tunnel, key, by: 'nobody' }));
        return { ...seen, acknowledged: said };
      }),
  },
  'no soak': {
    setting: { installing: 25 * MINUTE },
    troubles: [],
    says: 'before the first had held for half an hour',
    sabotage: (kind) => late(kind, (seen) => seen),
  },
  'no wait for the first tunnel': {
    setting: { installing: 100 * DAY },
    troubles: [],
    says: 'before the first held',
    sabotage: (kind, world) =>
      blindly(
        late(kind, (seen, now) => showing(seen, (tunnel) => ({ ...tunnel, ...WELL, since: now }))),
        world,
      ),
  },
  'no look at the other tunnel': {
    troubles: [['other-line']],
    says: 'the last tunnel that was up was changed',
    sabotage: (kind, world) =>
      blindly(
        planning(kind, (seen) =>
          showing(seen, (tunnel) => (tunnel.up ? tunnel : { ...tunnel, ...WELL, since: 0 })),
        ),
        world,
      ),
  },
  'another key after a crash': {
    troubles: [],
    says: 'a key was installed that is not in escrow',
    sabotage: (kind, world) => ({
      ...kind,
      apply: async (step) => {
        if (step.do !== 'install') return kind.apply(step);
        const key = Secret.born(drawPsk(randomBytes), 'drawn', { mask: () => {} });
        return endingOf(await world.tunnels.install(step.tunnel, key));
      },
    }),
  },
};

function planning(kind: VpnPskKind, mislead: (seen: Snapshot) => Snapshot): VpnPskKind {
  return { ...kind, plan: (seen, journal, now) => kind.plan(mislead(seen), journal, now) };
}

const SHIFT = 80 * MINUTE;

/** The plan takes it to be long after what it is shown. */
function late(kind: VpnPskKind, mislead: (seen: Snapshot, now: number) => Snapshot): VpnPskKind {
  return {
    ...kind,
    plan: (seen, journal, now) => {
      const { next, road } = kind.plan(mislead(seen, now), journal, now + SHIFT);
      return { next: next.kind === 'wait' ? { ...next, until: next.until - SHIFT } : next, road };
    },
  };
}

const WELL = { up: true, provisioned: true, routes: 1 };

type ShownTunnel = NonNullable<Snapshot['connection']>['tunnels'][number];

function showing(seen: Snapshot, mislead: (tunnel: ShownTunnel) => ShownTunnel): Snapshot {
  const { connection } = seen;
  if (!connection) return seen;
  return {
    ...seen,
    connection: { ...connection, state: 'available', tunnels: connection.tunnels.map(mislead) },
  };
}

/** Installs without looking at the tunnels once more. */
function blindly(kind: VpnPskKind, world: VpnPskWorld): VpnPskKind {
  return {
    ...kind,
    apply: async (step) => {
      if (step.do !== 'install') return kind.apply(step);
      const key = (await world.escrow.read(step.version))?.keys?.[step.tunnel];
      if (!key) return { answer: 'refused', said: 'not in escrow' };
      return endingOf(await world.tunnels.install(step.tunnel, key));
    },
  };
}
