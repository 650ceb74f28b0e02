import type { AloneWorld } from './alone-world.ts';
import type { Cache } from './caches.ts';

/** BuildKit leaves out the cache of GitHub Actions, without a word, where the runner does not say where it is. */
export function warnOfNoCache(
  caches: readonly Cache[],
  { runner, variable }: Pick<AloneWorld, 'runner' | 'variable'>,
): void {
  const asked = caches.some(({ type, attributes }) => type === 'gha' && !attributes.has('token'));
  const service = variable('ACTIONS_RESULTS_URL') ?? variable('ACTIONS_CACHE_URL');
  if (asked && (service === undefined || variable('ACTIONS_RUNTIME_TOKEN') === undefined))
    runner.warning(
      'type=gha finds and keeps nothing here: the runner does not set ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN.',
    );
}
