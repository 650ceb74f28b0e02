import { expect, it } from '@jest/globals';
import { actionDefaults } from '@tenant-delivery/testkit/action-defaults';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { readGateInputs } from '../src/inputs.ts';

const DEFAULTS = actionDefaults(new URL('../action.yml', import.meta.url));
const PLACE = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
const CHANGE = { service: 'orders', change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV' };

it.each([
  ['agreed', { ...PLACE, ...CHANGE }],
  ['re-gate', { ...PLACE, mode: 're-gate' }],
  ['alone', { contract: 'none', image: `shop/cart@sha256:${'0'.repeat(64)}` }],
])('takes its own defaults: %s', (kind, inputs) => {
  expect(readGateInputs(fakeRunner({ inputs: { ...DEFAULTS, ...inputs } }))).toMatchObject({ kind });
});
