import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { type AgreedInputs, type AloneRequest, readGateInputs } from './inputs.ts';

const runner = githubRunner();

await main('gate-on-ecr-findings', runner, async () => {
  const request = readGateInputs(runner);
  return request.kind === 'alone'
    ? gateAlone(request.given)
    : request.kind === 're-gate'
      ? (await import('./re-gate/main.ts')).gateRunning(runner, process.env, request.given)
      : gate(request.given);
});

async function gate(given: AgreedInputs): Promise<Outcome> {
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, targetOf(given), ['gate', 'evidence']);
  // The other clients load while STS answers.
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, await opened));
}

async function gateAlone(given: AloneRequest): Promise<Outcome> {
  const [{ runAlone }, world] = await Promise.all([import('./run-alone.ts'), import('./world.ts')]);
  return runAlone(given, await world.openAlone(runner, process.env, given));
}
