import { DAY } from '@tenant-delivery/domain';
import { rotate } from '@tenant-delivery/rotation/engine';
import type { Kind } from '@tenant-delivery/rotation/kind';
import type { Stage, UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { labelledIn } from '@tenant-delivery/rotation/test/world/model-labels';
import { modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import type { Note, Step } from '../../src/pull-through/facts.ts';
import { pullThroughKind } from '../../src/pull-through/kind.ts';
import { DEFAULT_PULL_THROUGH_POLICY } from '../../src/pull-through/policy.ts';
import type { Snapshot } from '../../src/pull-through/snapshot.ts';
import {
  ACCOUNT,
  advancePull,
  clonePull,
  noteCurrent,
  openingPull,
  ownerActs,
  PREFIX,
  type PullState,
  pullModel,
  SECRET,
} from './model.ts';

/** Somebody makes another version current, or stages another credential, which is good. */
export type Meddling = 'current' | 'restage';
export type PullThroughKind = Kind<Snapshot, Step, Note>;
export type Sabotage = (kind: PullThroughKind) => PullThroughKind;

export interface PullStory {
  readonly setting?: Parameters<typeof openingPull>[0];
  readonly troubles: readonly (readonly (Meddling | UsualTrouble)[])[];
  /** A hold is right from the beginning. */
  readonly awaited?: true;
  readonly sabotage?: Sabotage;
  /** What the harness must say of it. */
  readonly says?: string;
}

export function pullStage({ setting, awaited, sabotage }: PullStory): Stage<PullState, Meddling> {
  return {
    begin: () => openingPull(setting),
    clone: clonePull,
    advance: advancePull,
    run: async (state, gate) => {
      const { process, time, sleep, by } = modelRun(state, advancePull);
      const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate-registry/${process}`;
      const { world, vault } = pullModel(state, gate, session);
      const policy = { ...DEFAULT_PULL_THROUGH_POLICY, secret: SECRET, prefix: PREFIX };
      const kind = pullThroughKind(world, policy, process);
      const shipped = sabotage?.(kind) ?? kind;
      const end = await rotate('hub', shipped, { vault, time, sleep, by, clean: (text) => text });
      ownerActs(state, end.facts.find((fact) => fact.includes('its owner revokes')) ?? '');
      // the owner of the credential looks at a hold that asks for another one
      const asks = /^ROTATION_UPSTREAM_(REFUSED|LOST)$/;
      if (awaited && end.reasons.some(({ code }) => asks.test(code))) {
        restage(state);
        return { ...end, outcome: 'in-progress' };
      }
      return end;
    },
    meddle: (state, trouble) => {
      if (trouble === 'restage') restage(state);
      if (trouble !== 'current' || state.vault.size === 0) return;
      state.versions['stray'] = { token: 'new-token-1', stages: ['AWSCURRENT'], createdAt: state.now };
      for (const [id, one] of Object.entries(state.versions))
        if (id !== 'stray') one.stages = one.stages.filter((stage) => stage !== 'AWSCURRENT');
      noteCurrent(state);
    },
    meddling: ['current'],
    heal: (state) => {
      if (!state.versions['stray']) return;
      delete state.versions['stray'];
      const before = state.current.findLast(({ version }) => version !== 'stray')?.version ?? '';
      state.versions[before]?.stages.push('AWSCURRENT');
      noteCurrent(state);
    },
    violations: ({ violations }) => violations,
    judgeEnd: (state) => {
      const current = state.versions[labelledIn(state.versions, 'AWSCURRENT') ?? ''];
      const says: string[] = [];
      if (current?.token === 'old-token-0') says.push('the credential of before is still current');
      if (!state.accepted.has(current?.token ?? ''))
        says.push('the upstream registry does not take what is current');
      if (state.accepted.has('old-token-0')) says.push('the credential of before was never revoked');
      if (current?.stages.includes('TDPENDING')) says.push('what is current is still staged');
      return says;
    },
  };
}

function restage(state: PullState): void {
  if (state.staged > 1) return;
  state.staged = 2;
  for (const one of Object.values(state.versions))
    one.stages = one.stages.filter((stage) => stage !== 'TDPENDING');
  state.versions['staged2'] = { token: 'new-token-2', stages: ['TDPENDING'], createdAt: state.now };
  state.accepted.add('new-token-2');
  if (state.confuses) state.accepted.delete('old-token-0');
}

interface Control extends PullStory {
  readonly sabotage: Sabotage;
  /** What the harness must say. */
  readonly says: string;
}

/** Plans that leave out one of the reasons for which the shipped one waits or asks. */
export const CONTROLS: Readonly<Record<string, Control>> = {
  'no wait before the old one is revoked': {
    troubles: [],
    says: 'what ECR had signed in with was revoked',
    sabotage: (kind) => ({
      ...kind,
      plan: (seen, journal, now) => {
        const entries = journal.entries.map((entry) => {
          const cutOver = entry.fact.kind === 'ended' && entry.fact.step.do === 'promote';
          return cutOver ? { ...entry, at: new Date(Date.parse(entry.at) - 2 * DAY).toISOString() } : entry;
        });
        return kind.plan(seen, { ...journal, entries }, now);
      },
    }),
  },
  'no word of the upstream registry': {
    setting: { bad: true },
    troubles: [],
    says: 'outage',
    sabotage: believing,
  },
  'no second try after the old one was revoked': {
    setting: { confuses: true },
    troubles: [],
    says: 'the upstream registry does not take what is current',
    sabotage: believing,
  },
  'no way back': {
    setting: { bad: true },
    troubles: [],
    says: 'ECR could not sign in anew',
    sabotage: (kind) => ({
      ...kind,
      apply: (step) =>
        step.do === 'back' ? Promise.resolve({ answer: 'refused', said: 'no' }) : kind.apply(step),
    }),
  },
};

/** Takes every credential for good. */
function believing(kind: PullThroughKind): PullThroughKind {
  return {
    ...kind,
    prove: async (version) => ({ note: { kind: 'validated', version, valid: true, said: 'believed' } }),
  };
}
