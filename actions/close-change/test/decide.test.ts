import { describe, expect, it } from '@jest/globals';
import { CHANGE_STATES, type ChangeState, isEnd, nextStates, statesSignedBy } from '@tenant-delivery/domain';
import { decideClose, decideSettle } from '../src/decide.ts';
import { dutyOf } from '../src/duty-of.ts';

const STATUSES = ['success', 'failure', 'cancelled'] as const;

describe('at the end of the deploy job', () => {
  it.each<[ChangeState, (typeof STATUSES)[number], string]>([
    ['verified', 'success', 'close'],
    ['verified', 'cancelled', 'close'],
    ['deploying', 'failure', 'failed'],
    ['deploying', 'success', 'failed'],
    ['deploying', 'cancelled', 'abandoned'],
    ['approved', 'failure', 'not-begun'],
    ['rolled-back', 'failure', 'nothing'],
    ['closed', 'success', 'nothing'],
  ])('a change that is %s in a job with the status %s: %s', (state, status, expected) => {
    const decision = decideClose(state, status);
    expect(decision.kind === 'end' ? decision.to : decision.kind).toBe(expected);
  });
});

it.each(STATUSES)('a bake or a pause goes on, also when the job ends as %s', (status) => {
  const from = '2026-11-24T10:03:00.000Z';
  expect(decideClose('deploying', status, { bake: from })).toEqual({ kind: 'baking', from });
  expect(decideSettle('deploying', status, [], { bake: from })).toEqual({ kind: 'baking', from });
  expect(decideClose('deploying', status, { hook: 'h-1' })).toEqual({ kind: 'paused', hook: 'h-1' });
  expect(decideSettle('deploying', status, [], { hook: 'h-1' })).toEqual({ kind: 'paused', hook: 'h-1' });
  for (const waiting of [{ bake: from }, { hook: 'h-1' }]) {
    expect(decideClose('verified', status, waiting)).toEqual({ kind: 'close' });
    expect(decideSettle('failed', status, [], waiting)).toEqual({ kind: 'nothing' });
  }
});

describe('at the end of the run', () => {
  it.each<[ChangeState, (typeof STATUSES)[number], string]>([
    ['planned', 'cancelled', 'withdrawn'],
    ['planned', 'failure', 'abandoned'],
    ['proposed', 'failure', 'abandoned'],
    ['approved', 'success', 'abandoned'],
    ['deploying', 'failure', 'left-open'],
    ['verified', 'success', 'left-open'],
    ['denied', 'failure', 'nothing'],
    ['unchanged', 'success', 'nothing'],
  ])('a change that is %s in a run with the status %s: %s', (state, status, expected) => {
    const decision = decideSettle(state, status, []);
    expect(decision.kind === 'end' ? decision.to : decision.kind).toBe(expected);
  });

  it('a plan that a reviewer rejected is withdrawn, and says by whom', () => {
    expect(decideSettle('planned', 'failure', ['lead-ben'])).toMatchObject({
      to: 'rejected',
      reason: 'APPROVAL_REJECTED',
      note: 'Rejected by lead-ben.',
    });
  });
});

it('whatever happened, the step that is recorded may follow, and its key may sign it', () => {
  for (const state of CHANGE_STATES) {
    for (const status of STATUSES) {
      const close = decideClose(state, status);
      const settle = decideSettle(state, status, []);
      if (close.kind === 'end') {
        expect(nextStates('deploy', state)).toContain(close.to);
        expect(statesSignedBy(dutyOf('close'), 'deploy')).toContain(close.to);
      }
      if (settle.kind === 'end') {
        expect(nextStates('deploy', state)).toContain(settle.to);
        expect(statesSignedBy(dutyOf('settle'), 'deploy')).toContain(settle.to);
      }
      expect([state, settle.kind === 'nothing']).toEqual([state, isEnd(state)]);
    }
  }
});
