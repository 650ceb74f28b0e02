import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { inputs } from './inputs.ts';
import { readGiven } from './read-given.ts';

const runner = githubRunner();

await main('examine-environment', runner, async () => {
  const given = readGiven(runner, inputs);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, given, []);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, given, await opened));
});
