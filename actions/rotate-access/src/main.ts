import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readRotateInputs } from './inputs.ts';

const runner = githubRunner();

await main('rotate-access', runner, async () => {
  const given = readRotateInputs(runner);
  const [{ run }, { openRotation }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openRotation(runner, process.env, given));
});
