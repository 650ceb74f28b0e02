import { describe, expect, it } from '@jest/globals';
import { Failure } from '../src/failure.ts';
import { integer, oneOf, optional, readInputs, text } from '../src/readers.ts';
import { runnerWith } from './runner-with.ts';

const table = {
  tenant: text('the tenant id, in lower case', /^[a-z]+$/),
  mode: oneOf('plan', 'deploy'),
  'timeout-minutes': integer(1, 120),
  reason: optional(text('a reason')),
};

function mistakesOf(inputs: Record<string, string>): readonly string[] {
  try {
    readInputs(runnerWith(inputs), table);
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'INPUTS_INVALID') return thrown.details;
    throw thrown;
  }
}

describe('inputs', () => {
  it('are read, trimmed and typed, and empty means not given', () => {
    const given = readInputs(
      runnerWith({ tenant: ' acme ', mode: 'plan', 'timeout-minutes': '20', reason: '' }),
      table,
    );
    expect(given).toEqual({ tenant: 'acme', mode: 'plan', 'timeout-minutes': 20, reason: undefined });
  });

  it('report every mistake at once, each with its name, value and fix', () => {
    expect(
      mistakesOf({ tenant: 'ACME', mode: 'depoy', 'timeout-minutes': '1e2', 'timeout-minute': '3' }),
    ).toEqual([
      'tenant is "ACME": give the tenant id, in lower case',
      'mode is "depoy": give one of plan, deploy; did you mean deploy?',
      'timeout-minutes is "1e2": give a whole number from 1 to 120',
      'timeout-minute is not an input of this action: did you mean timeout-minutes?',
    ]);
  });

  it('that are missing are named, though GitHub lets them pass', () => {
    expect(mistakesOf({ mode: 'plan', 'timeout-minutes': '5' })).toEqual([
      'tenant is missing: give the tenant id, in lower case',
    ]);
  });
});
