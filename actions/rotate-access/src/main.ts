import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { type RotateRequest, readAccessInputs } from './inputs.ts';

const runner = githubRunner();

await main('rotate-access', runner, async () => {
  const request = readAccessInputs(runner);
  return request.kind === 'report'
    ? (await import('./age-report/main.ts')).reportAlone(runner, process.env, request.given)
    : request.kind === 'grants'
      ? (await import('./grants/main.ts')).grantAlone(runner, process.env, request.given)
      : rotate(request);
});

async function rotate(request: RotateRequest): Promise<Outcome> {
  const { openRotation } = await import('./world.ts');
  const rotation = await openRotation(runner, process.env, request); // asks AWS before anything else is loaded
  const { run } = await import('./run.ts');
  return run(rotation);
}
