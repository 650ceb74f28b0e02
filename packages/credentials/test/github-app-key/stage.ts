import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import { formsOf } from '@tenant-delivery/rotation/secret';
import type { Gate, Stage, UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { leakWish, modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import { githubAppKeyKind } from '../../src/github-app-key/kind.ts';
import { GITHUB_APP_KEY_TIMES } from '../../src/github-app-key/policy.ts';
import {
  ACCOUNT,
  advance,
  beginRotation,
  bring,
  copyState,
  currentOf,
  heed,
  modelWorld,
  OLD,
  pemOf,
  type State,
} from './world.ts';

const CREDENTIAL = 'rotator-app';

/**
 * What the App's operator does wrong. `no-pem`, `other-app`, `unknown`, `old`: brings something else. `delete-new`: the
 * new key by mistake. `delete-old`: the old one before they are asked. `early`: brings a key before anybody asks.
 */
export type Mistake =
  | 'no-pem'
  | 'other-app'
  | 'unknown'
  | 'old'
  | 'delete-new'
  | 'delete-old'
  | 'early'
  | 'leak';

export type GithubAppKeyKind = ReturnType<typeof githubAppKeyKind>;

export interface Story {
  readonly users?: readonly string[];
  readonly leaked?: boolean;
  readonly troubles: readonly (readonly (Mistake | UsualTrouble)[])[];
  /** For the controls, which must fail: another plan than the one that is shipped. */
  readonly sabotage?: (kind: GithubAppKeyKind) => GithubAppKeyKind;
  /** What the harness must say of it; whatever is bad when absent. */
  readonly says?: string;
}

export function stageOf(story: Story): Stage<State, Mistake> {
  return {
    begin: () => ({ ...beginRotation(story.users), leaked: story.leaked === true }),
    clone: copyState,
    advance,
    run: (state, gate) => runOnce(story, state, gate),
    meddle,
    meddling: ['no-pem', 'other-app', 'unknown', 'old', 'delete-new', 'delete-old'],
    heal: bring,
    violations: ({ violations }) => violations,
    judgeEnd,
    judgeRecord,
  };
}

async function runOnce({ sabotage }: Story, state: State, gate: Gate): Promise<RunEnd> {
  const { process, time, sleep, by } = modelRun(state, advance);
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate/td-acme-prod-${process}`;
  const { world, vault, clean } = modelWorld(state, gate, session);
  const wish = leakWish(state.leaked, state.vault);
  const kind = githubAppKeyKind(world, { ...GITHUB_APP_KEY_TIMES, ...wish }, process);
  const end = await rotate(CREDENTIAL, sabotage?.(kind) ?? kind, { vault, time, sleep, by, clean });
  heed(state, end.facts);
  return end;
}

function meddle(state: State, trouble: Mistake | UsualTrouble): void {
  const newest = [...state.keys]
    .filter(([key, app]) => key !== OLD && app === state.keys.get(OLD))
    .at(-1)?.[0];
  const held = (key: number) =>
    state.users.some(({ has, late }) => has === key || late.some((one) => one.key === key));
  if (trouble === 'leak') state.leaked = true;
  if (trouble === 'early') bring(state);
  if (trouble === 'no-pem' || trouble === 'other-app' || trouble === 'unknown' || trouble === 'old')
    state.mistake = trouble;
  if (trouble === 'delete-new' && newest && !held(newest)) state.keys.delete(newest);
  if (trouble === 'delete-old' && !held(OLD)) state.keys.delete(OLD);
}

function judgeEnd(state: State): readonly string[] {
  const says: string[] = [];
  const current = currentOf(state);
  if (!current || current.key === OLD || !state.keys.has(current.key))
    says.push('escrow has no new key that GitHub knows');
  if (state.keys.has(OLD)) says.push('the old key is still there');
  if (state.users.some(({ has }) => has !== current?.key)) says.push('somebody has not the new key');
  if (
    Object.values(state.versions).some(
      ({ key, stages }) => key === current?.key && stages.includes('TDPENDING'),
    )
  )
    says.push('the label of ours is left');
  return says;
}

/** I5: what was written down has no private key in it, in no form. */
function judgeRecord({ vault, versions }: State): readonly string[] {
  const written = [...vault.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
  const seen = Object.values(versions).some(({ key }) =>
    formsOf(pemOf(key)).some((form) => written.includes(form)),
  );
  return seen ? ['I5: a private key is in the journal'] : [];
}
