import { expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { warnOfNoCache } from '../../src/alone/cache-at-github.ts';

const RUNNERS = { ACTIONS_RESULTS_URL: 'https://results.example/', ACTIONS_RUNTIME_TOKEN: 'token' };
const cache = (type: string, attributes: Readonly<Record<string, string>> = {}) => ({
  type,
  attributes: new Map(Object.entries(attributes)),
});

test.each([
  ['no word where the runner has the cache', cache('gha'), RUNNERS, 0],
  ['a warning without its address', cache('gha'), { ACTIONS_RUNTIME_TOKEN: 'token' }, 1],
  ['a warning without its token', cache('gha'), { ACTIONS_RESULTS_URL: 'https://results.example/' }, 1],
  ['no word if the step names a token of its own', cache('gha', { token: 'x' }), {}, 0],
  ['no word about a cache in a registry', cache('registry', { ref: 'a/b' }), {}, 0],
])('%s', (_, asked, variables: Readonly<Record<string, string>>, warnings) => {
  const runner = fakeRunner({});
  warnOfNoCache([asked], { runner, variable: (name) => variables[name] });
  expect(runner.log.filter((line) => line.includes('type=gha finds and keeps nothing'))).toHaveLength(
    warnings,
  );
});
