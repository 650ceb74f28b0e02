import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { type AloneInputs, type BuildInputs, readBuildInputs } from './inputs.ts';

const runner = githubRunner();

await main('build-and-scan-image', runner, async () => {
  const request = readBuildInputs(runner);
  return request.kind === 'alone' ? buildAlone(request.given) : build(request.given);
});

async function build(given: BuildInputs): Promise<Outcome> {
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, given, ['build', 'evidence']);
  // The other clients load while STS answers.
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, await opened));
}

async function buildAlone(given: AloneInputs): Promise<Outcome> {
  const [{ runAlone }, world] = await Promise.all([import('./alone/run-alone.ts'), import('./world.ts')]);
  return runAlone(given, await world.openAlone(runner, process.env, given));
}
