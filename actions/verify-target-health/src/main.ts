import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main } from '@tenant-delivery/action-kit/main';
import { readVerifyInputs } from './inputs.ts';

const runner = githubRunner();

await main('verify-target-health', runner, async () => {
  const request = readVerifyInputs(runner);
  const { openVerification } = await import('./world.ts');
  const [{ run }, verification] = await Promise.all([
    import('./run.ts'),
    openVerification(runner, process.env, request),
  ]);
  return run(verification);
});
