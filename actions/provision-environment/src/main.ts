import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { inputs, ROLE_OF, targetOfPart } from './inputs.ts';
import { readGiven } from './read-given.ts';

const runner = githubRunner();

await main('provision-environment', runner, async () => {
  const given = readGiven(runner, inputs);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, targetOfPart(given), [ROLE_OF[given.mode]]);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, openWorld(runner, process.env, given, await opened));
});
