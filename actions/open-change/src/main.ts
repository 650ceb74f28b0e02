import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { inputs } from './inputs.ts';

const runner = githubRunner();

await main('open-change', runner, async () => {
  const given = readInputs(runner, inputs);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, openWorld(runner, process.env, given));
});
