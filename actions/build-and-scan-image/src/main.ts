import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { inputs, withoutAliases } from './inputs.ts';

const runner = githubRunner();

await main('build-and-scan-image', runner, async () => {
  const read = readInputs(runner, inputs);
  const given = withoutAliases(read);
  const { startSession } = await import('@tenant-delivery/aws/session/session');
  const { opened } = await startSession(runner, process.env, given, ['build', 'evidence']);
  // The other clients load while STS answers.
  const [{ run }, { openWorld }] = await Promise.all([import('./run.ts'), import('./world.ts')]);
  return run(given, await openWorld(runner, process.env, await opened));
});
