import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readRotateInputs } from './inputs.ts';

const runner = githubRunner();

await main('rotate-access', runner, async () => {
  const request = readRotateInputs(runner);
  const { openRotation } = await import('./world.ts');
  const rotation = await openRotation(runner, process.env, request); // asks AWS before anything else is loaded
  const { run } = await import('./run.ts');
  return run(rotation);
});
