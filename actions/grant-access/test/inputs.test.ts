import { expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { readGrantInputs } from '../src/inputs.ts';

const PLACE = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };

const read = (inputs: Readonly<Record<string, string>>) => () =>
  readGrantInputs(fakeRunner({ inputs: { credential: 'break-glass', ...PLACE, ...inputs } }));

test('what a mode needs is asked for at once', () => {
  expect(read({ mode: 'open-grant', requester: 'ana', minutes: '30' })).toThrow(
    /principal is missing.*incident is missing.*reason is missing.*github-token is missing/s,
  );
  expect(read({ mode: 'open-grant', requester: 'ana*', minutes: '61' })).toThrow(/requester.*minutes/s);
  expect(read({ mode: 'close-grant' })).toThrow(/grant is missing: close-grant needs it/);
  expect(read({ mode: 'revoke-grants' })).toThrow(/requester is missing: revoke-grants needs it/);
  expect(read({ mode: 'list-grants' })()).toMatchObject({ mode: 'list-grants', grant: undefined });
});

test('a mode of rotate-access is none of this action', () => {
  expect(read({ mode: 'run' })).toThrow(/mode is "run": give /);
});
