import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { ROLES_OF } from './inputs.ts';
import { type GivenAlone, type GivenContracted, readGiven } from './request/read-given.ts';

const runner = githubRunner();

await main('deploy-ecs-service', runner, async () => {
  const given = await readGiven(runner);
  return given.contract === 'none' ? deployAlone(given) : deliver(given);
});

async function deliver(given: GivenContracted): Promise<Outcome> {
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, targetOf(given), ROLES_OF[given.mode]);
  // The other clients load while STS answers.
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, await opened, ROLES_OF[given.mode][0]));
}

async function deployAlone(given: GivenAlone): Promise<Outcome> {
  const [{ runAlone }, world] = await Promise.all([import('./run-alone.ts'), import('./world.ts')]);
  return runAlone(given, await world.openAlone(runner, process.env, given));
}
