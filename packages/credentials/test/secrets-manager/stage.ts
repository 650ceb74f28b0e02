import { HOUR, MINUTE } from '@tenant-delivery/domain';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Gate, Stage, UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { leakWish, modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import type { SecretsManagerFact } from '../../src/secrets-manager/facts.ts';
import { type SecretsManagerKind, secretsManagerKind } from '../../src/secrets-manager/kind.ts';
import {
  DEFAULT_SECRETS_MANAGER_POLICY,
  type SecretsManagerPolicy,
} from '../../src/secrets-manager/policy.ts';
import type { Snapshot } from '../../src/secrets-manager/snapshot.ts';
import {
  ACCOUNT,
  advance,
  beginRotation,
  cloneState,
  labelled,
  moveLabel,
  NEW,
  openingState,
  registered,
  roll,
  type Setting,
  type State,
  works,
} from './model.ts';
import { modelWorld } from './world.ts';

/**
 * What others do. `deliver`: a delivery rolls another image of the same references. `unpin`: one from a file that names no
 * version. `take-back`: one to what ran before. `lock`: a delivery is about to. `scheduled`: Secrets Manager rotates by
 * itself. `break`: its function fails from now on. `spoil`: the staged value turns out not to work. `restage`: its owner stages another. `leak`: the next runs are told of it.
 */
export type Meddling =
  | 'deliver'
  | 'unpin'
  | 'take-back'
  | 'lock'
  | 'scheduled'
  | 'break'
  | 'spoil'
  | 'restage'
  | 'leak';
export type Trouble = Meddling | UsualTrouble;

export interface Story {
  readonly setting: Setting;
  readonly policy?: Partial<SecretsManagerPolicy>;
  readonly leaked?: boolean;
  readonly troubles: readonly (readonly Trouble[])[];
  /** For the controls, which must fail: another plan than the one that is shipped. */
  readonly sabotage?: (kind: SecretsManagerKind) => SecretsManagerKind;
  /** What the harness must say of it; whatever is bad when absent. */
  readonly says?: string;
}

const NEWER = 'version-newer-0000000000000000000';

export function stageOf(story: Story): Stage<State, Meddling> {
  return {
    begin: () => {
      const state = openingState(story.setting);
      if (story.leaked) leak(state);
      return state;
    },
    clone: cloneState,
    advance,
    run: (state, gate) => runOnce(story, state, gate),
    meddle,
    meddling: ['take-back', 'break', 'spoil', 'restage'],
    heal,
    violations: ({ violations }) => violations,
    judgeEnd,
  };
}

async function runOnce({ setting, policy, sabotage }: Story, state: State, gate: Gate): Promise<RunEnd> {
  const { process, time, sleep, by } = modelRun(state, advance);
  const { world, vault } = modelWorld(
    state,
    gate,
    `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate-secret/td-acme-prod-${process}`,
  );
  const leaked = leakWish(state.leakedPasswords !== undefined, state.vault);
  const wish = leaked.wish ?? (state.forced ? ('forced' as const) : undefined);
  const kind = secretsManagerKind(
    world,
    {
      ...DEFAULT_SECRETS_MANAGER_POLICY,
      strategy: setting.strategy,
      pinning: true,
      outages: [{ from: state.now - HOUR, to: state.now + 24 * HOUR }],
      ...policy,
      wish,
    },
    { process },
  );
  state.forced = false;
  return rotate('orders-db', sabotage?.(kind) ?? kind, { vault, time, sleep, by, clean: (text) => text });
}

function leak(state: State): void {
  state.leakedPasswords ??= Object.values(state.logins);
}

function meddle(state: State, trouble: Trouble): void {
  const [service] = state.services;
  if (!service) return;
  const idle = service.rollout.state !== 'going' && state.now >= service.lockedUntil;
  const like = state.revisions[service.revision] ?? { pin: undefined, fixed: false };
  if (trouble === 'deliver' && idle) roll(state, service, registered(state, { ...like }));
  if (trouble === 'unpin' && idle) roll(state, service, registered(state, { ...like, pin: undefined }));
  const before = state.revisions[service.before]?.pin ?? labelled(state, 'AWSCURRENT');
  // a person who takes a service back to a value that is gone makes the outage, not we
  const there = (state.versions[before ?? '']?.stages.length ?? 0) > 0 && works(state, before);
  if (trouble === 'take-back' && idle && there && service.before !== service.revision)
    roll(state, service, service.before);
  if (trouble === 'lock' && idle) service.lockedUntil = state.now + 20 * MINUTE;
  const held = state.tasks.every(({ read }) => read === undefined || read === labelled(state, 'AWSCURRENT'));
  if (trouble === 'scheduled' && held && !state.rotating && state.strategy === 'alternating-users')
    beginRotation(state, `scheduled-${state.now}`);
  if (trouble === 'break') state.broken = true;
  const staged = state.versions[NEW];
  if (trouble === 'spoil' && staged && !state.worked.includes(NEW))
    state.versions[NEW] = { ...staged, password: 'pw-bad' };
  if (trouble === 'restage') restage(state);
  if (trouble === 'leak') leak(state);
}

/** The owner puts another value in the place of the one that they staged. */
function restage(state: State): void {
  if (labelled(state, 'TDPENDING') === undefined || state.versions[NEWER]) return;
  for (const version of Object.values(state.versions))
    version.stages = version.stages.filter((stage) => stage !== 'TDPENDING');
  state.versions[NEWER] = { user: 'app', password: 'pw-newer', stages: ['TDPENDING'], createdAt: state.now };
  state.changedAt = state.now;
}

/** The person who was asked to look says that it may go on, and the owner of a bad value stages a good one. */
function heal(state: State): void {
  state.forced = true;
  if (state.failed !== undefined) moveLabel(state, 'AWSPENDING', undefined);
  state.broken = false;
  if (state.versions[NEW]?.password === 'pw-bad' && !state.versions[NEWER]) {
    if (labelled(state, 'TDPENDING') === undefined)
      state.versions[NEW] = { ...state.versions[NEW], stages: [...state.versions[NEW].stages, 'TDPENDING'] };
    restage(state);
  }
}

function judgeEnd(state: State): readonly string[] {
  const says: string[] = [];
  const current = labelled(state, 'AWSCURRENT');
  if (current === 'version-old-0000000000000000000000') says.push('the old value is still current');
  if (!works(state, current)) says.push('what is current does not work');
  for (const { id, read, service } of state.tasks)
    if (read !== current)
      says.push(`${id} of ${service ?? 'no service'} has ${read ?? 'nothing'}, not ${current}`);
  for (const [id, { stages }] of Object.entries(state.versions))
    for (const stage of stages)
      if (/^td-keep/.test(stage) || (stage === 'TDPENDING' && id === current))
        says.push(`${id} still has ${stage}`);
  const { leakedPasswords } = state;
  const left = Object.values(state.logins).filter((password) => leakedPasswords?.includes(password));
  if (state.strategy !== 'provider-set' && left.length > 0) says.push('a login that leaked still works');
  return says;
}

/** The controls: plans that leave out one of the reasons for which the shipped one waits or asks. */
export const CONTROLS = {
  'made current before it was proven': (kind: SecretsManagerKind): SecretsManagerKind => ({
    ...kind,
    plan: (seen, journal, now) => {
      const plan = kind.plan(seen, journal, now);
      const { next } = plan;
      const opened = journal.entries[0]?.fact;
      const open = opened?.kind === 'opened' && opened.rounds[0] === 'provided' ? opened : undefined;
      const early = next.kind === 'act' && (next.step.do === 'register' || next.step.do === 'deploy');
      const current =
        seen.secret.kind === 'usable' &&
        seen.secret.versions.find(({ stages }) => stages.includes('AWSCURRENT'));
      if (!early || !open || !current || current.id !== open.current) return plan;
      const step = { do: 'promote', version: next.step.version, from: current.id } as const;
      return { ...plan, next: { kind: 'act', step } };
    },
  }),
  'no look at tasks': (kind: SecretsManagerKind) =>
    misled(kind, (seen) => ({
      ...seen,
      tasks: [],
      services: seen.services.map((one) => ({
        ...one,
        desired: 0,
        settled: true,
        rollout: { ...one.rollout, state: 'done' },
      })),
    })),
  'no drain': (kind: SecretsManagerKind) =>
    misled(kind, (seen) => ({
      ...seen,
      tasks: seen.tasks.filter(({ service, running }) => service !== undefined && running),
    })),
  'no labels kept': (kind: SecretsManagerKind): SecretsManagerKind => ({
    ...kind,
    plan: (seen, journal, now) =>
      kind.plan(
        { ...seen, services: seen.services, tasks: seen.tasks.filter(({ service }) => service) },
        journal,
        now,
      ),
  }),
  'one rotation for a leak': (kind: SecretsManagerKind): SecretsManagerKind => ({
    ...kind,
    plan: (seen, journal, now) => {
      const plan = kind.plan(seen, journal, now);
      const { next } = plan;
      if (next.kind !== 'note' || next.note.kind !== 'opened') return plan;
      return { ...plan, next: { ...next, note: { ...next.note, rounds: ['rotate'] } } };
    },
  }),
} as const;

function misled(kind: SecretsManagerKind, mislead: (seen: Snapshot) => Snapshot): SecretsManagerKind {
  return {
    ...kind,
    plan: (seen, journal: Journal<SecretsManagerFact>, now) => kind.plan(mislead(seen), journal, now),
  };
}
