import { DAY, HOUR } from '@tenant-delivery/domain';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import { formsOf } from '@tenant-delivery/rotation/secret';
import type { Gate, Stage, UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { leakWish, modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import { githubDeployKeyKind } from '../../src/github-deploy-key/kind.ts';
import { GITHUB_DEPLOY_KEY_TIMES, type GithubDeployKeyPolicy } from '../../src/github-deploy-key/policy.ts';
import { ACCOUNT, advance, brokenBecause, type ModelSetting } from '../iam-access-key/model-state.ts';
import {
  beginRotation,
  copyState,
  lastFact,
  list,
  modelWorld,
  publicKey,
  type State,
  unlist,
} from './world.ts';

const CREDENTIAL = 'ci-clone';

/**
 * What others do. `stranger`: a key under a title of ours. `delete-old`, `delete-new`: by hand, while nobody needs it.
 * `add-old`: the old key again, after we deleted it. `flip`: the consumers to their other place. `leak`: the next runs
 * are told of it.
 */
export type Meddling = 'stranger' | 'delete-old' | 'delete-new' | 'add-old' | 'flip' | 'leak';

export type GithubDeployKeyKind = ReturnType<typeof githubDeployKeyKind>;

export interface Story {
  readonly setting: ModelSetting;
  readonly policy?: Partial<GithubDeployKeyPolicy>;
  readonly leaked?: boolean;
  readonly troubles: readonly (readonly (Meddling | UsualTrouble)[])[];
  /** For the controls, which must fail: another plan than the one that is shipped. */
  readonly sabotage?: (kind: GithubDeployKeyKind) => GithubDeployKeyKind;
  /** What the harness must say of it; whatever is bad when absent. */
  readonly says?: string;
}

export function stageOf(story: Story): Stage<State, Meddling> {
  return {
    begin: () => ({ ...beginRotation(story.setting), leaked: story.leaked === true }),
    clone: copyState,
    advance,
    run: (state, gate) => runOnce(story, state, gate),
    meddle,
    meddling: ['stranger', 'delete-new', 'add-old', 'flip'],
    heal,
    // after a leak a holder of the old key is cut off, and that is right; no other key is ever deleted (I2)
    violations: ({ violations, leaked }) =>
      leaked ? violations.filter((said) => !said.endsWith('found its key deleted')) : violations,
    judgeEnd,
    judgeRecord,
  };
}

async function runOnce({ policy, sabotage }: Story, state: State, gate: Gate): Promise<RunEnd> {
  const { process, time, sleep, by } = modelRun(state, advance);
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate/td-acme-prod-${process}`;
  const { world, vault, clean } = modelWorld(state, gate, session);
  const wish = leakWish(state.leaked, state.vault);
  const kind = githubDeployKeyKind(
    world,
    { ...GITHUB_DEPLOY_KEY_TIMES, access: 'read', probeEvery: 3 * DAY, ...policy, ...wish },
    process,
    CREDENTIAL,
  );
  return rotate(CREDENTIAL, sabotage?.(kind) ?? kind, { vault, time, sleep, by, clean });
}

function meddle(state: State, trouble: Meddling | UsualTrouble): void {
  const needed = (half: string) =>
    state.consumers.some(
      ({ slots, pointer, runs }) => slots[pointer]?.id === half || runs.some(({ pair }) => pair.id === half),
    );
  const made = state.listed.find((key) => key.publicKey !== state.old);
  if (trouble === 'stranger')
    list(
      state,
      { publicKey: publicKey(9000), title: `td-rotation/${CREDENTIAL}/0009`, access: 'write' },
      'stranger',
    );
  if (trouble === 'leak') state.leaked = true;
  if (trouble === 'delete-old' && !needed(state.old)) unlist(state, state.old);
  if (trouble === 'delete-new' && made && !needed(made.publicKey)) {
    state.lost = made;
    unlist(state, made.publicKey);
  }
  if (trouble === 'add-old' && state.deletedAt && !state.listed.some((key) => key.publicKey === state.old))
    list(state, { publicKey: state.old, title: 'mine', access: 'read' }, 'before');
  if (trouble === 'flip' && state.listed.some((key) => key.publicKey === state.old))
    for (const consumer of state.consumers)
      if (consumer.slots['A']?.id && consumer.slots['B']?.id && made) {
        const flipped = { ...state.meddled.flipped, [consumer.id]: consumer.pointer };
        state.meddled = { ...state.meddled, flipped };
        consumer.pointer = consumer.pointer === 'A' ? 'B' : 'A';
      }
}

/** The person who was asked to look takes back what was done. */
function heal(state: State): void {
  for (const key of state.keys.filter(({ maker }) => maker === 'stranger')) unlist(state, key.id);
  if (state.lost) list(state, state.lost, 'us');
  state.lost = undefined;
  if (state.listed.some(({ title }) => title === 'mine')) unlist(state, state.old);
  for (const consumer of state.consumers)
    consumer.pointer = state.meddled.flipped[consumer.id] ?? consumer.pointer;
}

function judgeEnd(state: State): readonly string[] {
  const says: string[] = [];
  const [key, second] = state.keys.filter(({ maker }) => maker !== 'stranger');
  if (!key || second || key.id === state.old) says.push('the repository has not the new key alone');
  const current = Object.values(state.versions).find(({ stages }) => stages.includes('AWSCURRENT'));
  if (current?.pair.id !== key?.id) says.push('escrow does not have the key as its current one');
  for (const { id, slots, pointer } of state.consumers) {
    const pair = slots[pointer];
    if (!pair || pair.id !== key?.id || brokenBecause(state, pair)) says.push(`${id} has not the new key`);
  }
  const closedAt = lastFact(state, 'closed') ?? state.now;
  const grace = state.leaked ? DAY : 7 * DAY;
  if (state.deletedAt !== undefined && closedAt - state.deletedAt < grace - HOUR)
    says.push('the way back was closed before the grace was over');
  return says;
}

/** I5: what was written down has no private half in it, in no form. */
function judgeRecord({ vault, keys, versions }: State): readonly string[] {
  const written = [...vault.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
  const pairs = [...keys, ...Object.values(versions).map(({ pair }) => pair)];
  const seen = pairs.some(({ secret }) => formsOf(secret).some((form) => written.includes(form)));
  return seen ? ['I5: a private key is in the journal'] : [];
}
