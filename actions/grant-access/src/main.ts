import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readGrantInputs } from './inputs.ts';
import { rolesOf } from './roles-of.ts';

const runner = githubRunner();

await main('grant-access', runner, async () => {
  const given = readGrantInputs(runner);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, given, rolesOf(given.mode));
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, given, await opened));
});
