import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { provisioningOn } from '../stage/provisioning.ts';
import { errorsOf, logOf, openStage } from '../stage/stage.ts';

let stage: Stage;
let on: ReturnType<typeof provisioningOn>;

beforeAll(async () => {
  stage = await openStage({ scale: 120, contracts: [], empty: [umbrellaContract()] });
  on = provisioningOn(stage);
}, 60_000);
afterAll(() => stage?.platform.close());

/** The states of a change that people approved and that went well. */
const WHOLE = ['proposed', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];

/** The run with what it printed, so that a failure says why. */
function told({ result, outcome }: Delivery) {
  return { outcome, conclusion: result.conclusion, errors: errorsOf(result) };
}

describe('a tenant whose account has only what its administrator applied', () => {
  it('records the foundation that is there, guards it, and finds it unchanged from then on', async () => {
    const run = await on.provision('foundation');
    show(run);
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(await on.states('foundation', run.change)).toEqual(WHOLE);
    const again = await on.provision('foundation');
    expect(told(again)).toEqual({ outcome: 'unchanged', conclusion: 'success', errors: [] });
    expect(await on.states('foundation', again.change)).toEqual(['proposed', 'gated', 'unchanged']);
  });

  it('gets its network by a plan that people approve', async () => {
    const run = await on.provision('network');
    show(run);
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(await on.states('network', run.change)).toEqual(WHOLE);
  });
});

function show({ result }: Delivery): void {
  if (process.env['SHOW']) console.log(logOf(result) + result.jobs.map(({ summary }) => summary).join('\n'));
}
