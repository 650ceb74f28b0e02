import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { inputs } from './inputs.ts';

const runner = githubRunner();

await main('report-credentials', runner, async () => {
  const given = readInputs(runner, inputs);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, given, ['report']);
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, given, await opened));
});
