import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { ROLES_OF } from './inputs.ts';
import { type GivenContracted, readGiven } from './read-given.ts';

const runner = githubRunner();

await main('deploy-ecs-service', runner, async () => {
  const given = await readGiven(runner);
  return deliver(given as GivenContracted); // TODO
});

async function deliver(given: GivenContracted): Promise<Outcome> {
  const { startSession } = await import('@tenant-delivery/aws/session');
  const { opened } = await startSession(runner, process.env, targetOf(given), ROLES_OF[given.mode]);
  // The other clients load while STS answers.
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, await opened, ROLES_OF[given.mode][0]));
}
