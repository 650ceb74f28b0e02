import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { inputs } from './inputs.ts';

const runner = githubRunner();

await main('approve-change', runner, async () => {
  const given = readInputs(runner, inputs);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, targetOf(given), ['approve', 'evidence']);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, given, await opened));
});
