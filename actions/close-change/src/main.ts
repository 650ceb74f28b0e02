import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { Role } from '@tenant-delivery/domain';
import { dutyOf } from './duty-of.ts';
import { inputs } from './inputs.ts';

const runner = githubRunner();

await main('close-change', runner, async () => {
  const given = readInputs(runner, inputs);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  // the last job of a run mostly finds its change ended, and needs no key then
  const roles: readonly Role[] = given.mode === 'settle' ? ['evidence'] : [dutyOf(given.mode), 'evidence'];
  const { opened } = await startSession(runner, process.env, targetOf(given), roles);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, openWorld(runner, process.env, given, await opened));
});
