import { expect, test } from '@jest/globals';
import { rotatableIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/kind';
import {
  ACCOUNT,
  type ModelState,
  openingState,
  USUAL,
} from '@tenant-delivery/credentials/test/iam-access-key/model-state';
import { makeKey, modelWorld } from '@tenant-delivery/credentials/test/iam-access-key/model-world';
import { HOUR } from '@tenant-delivery/domain';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { policyAlone } from '../src/iam-access-key-policy.ts';
import { readRotateInputs } from '../src/inputs.ts';
import { run } from '../src/run.ts';

const INPUTS = {
  contract: 'none',
  mode: 'run',
  credential: 'ci-legacy',
  user: 'acme-ci',
  account: ACCOUNT,
  region: 'eu-west-1',
  escrow: 'td/rotation/acme-ci',
  journal: 'acme-rotation-journal',
  repository: 'acme/legacy',
  'secret-name': 'AWS_KEY',
  'probe-workflow': 'verify-slot.yml',
  'probe-ref': 'main',
  'github-token': 'ghs_0123456789',
  'cadence-hours': '6',
  'max-age-days': '60',
  'grace-days': '7',
  'drain-days': '14',
};
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/td-rotate-iam/run-1`;

function given(inputs: Readonly<Record<string, string>> = {}) {
  const runner = fakeRunner({ inputs: { ...INPUTS, ...inputs } });
  const request = readRotateInputs(runner);
  if (request.kind !== 'alone') throw new Error('these have no contract');
  return { runner, given: request.given };
}

async function played(state: ModelState, inputs: Readonly<Record<string, string>> = {}) {
  const asked = given(inputs);
  let changes = 0;
  const gate = {
    before: async () => 'go' as const,
    after: async ({ mutates }: { readonly mutates: boolean }) => {
      if (mutates) changes += 1;
    },
  };
  const { world: keys, vault, clean } = modelWorld(state, USUAL, gate, SESSION);
  const world = {
    runner: asked.runner,
    vault,
    time: { now: () => state.now },
    sleep: async (milliseconds: number) => {
      state.now += milliseconds;
    },
    clean,
    process: 'p1',
  };
  const outcome = await run({
    kind: 'alone',
    given: asked.given,
    world: { ...world, rotatable: rotatableIamAccessKey('ci-legacy', keys, policyAlone(asked.given), world) },
  });
  return { outcome, changes, runner: asked.runner };
}

test('a dry run says what comes next, when, and for whom, and changes nothing', async () => {
  const { outcome, changes } = await played(openingState(USUAL), { mode: 'dry-run' });
  expect(changes).toBe(0);
  expect(outcome).toMatchObject({ outcome: 'planned', reasonCode: 'OK', ok: true });
  expect(outcome.summary).toContain('disable the old key');
  expect(outcome.summary).toContain('github:acme/legacy');
});

test('a run goes as far as it may, and says when the next one can go on', async () => {
  const state = openingState(USUAL);
  const { outcome, runner } = await played(state);
  expect(outcome).toMatchObject({ outcome: 'in-progress', reasonCode: 'OK', ok: true });
  expect(Date.parse(runner.outputs['next-eligible-at'] ?? '')).toBeGreaterThan(state.now + 20 * HOUR);
  expect(outcome.facts['taken']).toContain('point github:acme/legacy B: done');
});

test('a key of somebody else means hold: what is known of it, nothing changed, and a code of its own', async () => {
  const state = openingState(USUAL);
  makeKey(state, USUAL, `arn:aws:iam::${ACCOUNT}:user/somebody`, 'stranger');
  state.now += HOUR;
  const { outcome, changes } = await played(state);
  expect(changes).toBe(0);
  expect(outcome).toMatchObject({ outcome: 'hold', reasonCode: 'ROTATION_STRANGER', ok: false });
  expect(outcome.headline).toContain('user/somebody');
});

test('a refusal names every reason at once', async () => {
  const state = openingState({ ...USUAL, consumers: [] });
  const { outcome, changes } = await played(state, { 'max-age-days': '10', 'grace-days': '30' });
  expect(changes).toBe(0);
  expect(outcome).toMatchObject({ outcome: 'refused', ok: false });
  expect(outcome.facts['reasons']).toHaveLength(2);
});

test('mistakes of the inputs are told together, and the token is masked before', () => {
  const runner: FakeRunner = fakeRunner({
    inputs: { ...INPUTS, contract: 'none', 'github-token': '', 'grace-days': '2', user: 'a b' },
  });
  expect(() => readRotateInputs(runner)).toThrow(/user[\s\S]*grace-days/);
  expect(given().runner.masked).toContain('ghs_0123456789');
  expect(() => given({ 'github-token': '', environment: 'prod' })).toThrow(/github-token/);
});

test.each([
  ['report', 'report-credentials'],
  ['open-grant', 'grant-access'],
  ['close-grant', 'grant-access'],
  ['revoke-grants', 'grant-access'],
  ['list-grants', 'grant-access'],
])('the old mode %s is one mistake that names %s, whatever else is given', (mode, action) => {
  const inputs = { contract: 'signed', mode, tenant: 'acme', requester: 'ana', account: 'x' };
  const read = () => readRotateInputs(fakeRunner({ inputs }));
  expect(read).toThrow(
    expect.objectContaining({
      code: 'INPUTS_INVALID',
      details: [expect.stringContaining(`that is the action ${action} now`)],
    }),
  );
});
