import { join } from 'node:path';
import { copyGitRepository } from '@tenant-delivery/local-github/git/write';
import type { Stage } from './stage.ts';

/** Calls that may change something; none of them may be seen in a refused run. */
const MUTATING =
  /^(Put|Create|Update|Delete|Register|Deregister|Start|Stop|Tag|Sign|Initiate|Upload|Complete)/;

/** A workflow that names another tenant's environment, and one that calls a fork of ours. */
export async function foreignEnvironment(stage: Stage, workflow: string): Promise<void> {
  const { claims, terminal, platform } = stage;
  const globex = workflow
    .replace('tenant: acme', 'tenant: globex')
    .replace('000011112222', '000033334444')
    .replace('service: orders', 'service: billing');
  await stage.commit("Deliver to somebody else's environment", { '.github/workflows/deliver.yml': globex });
  const before = platform.aws.calls.length;
  const other = await stage.deliver();
  terminal.line(terminal.bold("A workflow that names another tenant's environment"));
  claims.claim('the run is red', other.result.conclusion === 'failure', () => other.result.conclusion);
  claims.claim(
    'AWS refused the identity: the role of the other account does not trust this repository',
    failedWith(other.result, /ROLE_NOT_ASSUMED/),
    () => annotations(other.result),
  );
  claims.claim('nothing was changed anywhere', mutations(stage, before).length === 0, () =>
    mutations(stage, before).join(', '),
  );
  terminal.line();

  const [, name = ''] = platform.provider.split('/');
  const path = join(platform.folder, `repositories/mallory/${name}.git`);
  await copyGitRepository(join(platform.folder, `repositories/${platform.provider}.git`), path);
  platform.github.addRepository({
    owner: 'mallory',
    ownerId: 666000,
    name,
    id: 666001,
    path,
    visibility: 'public',
    forkOf: platform.provider,
  });
  await stage.commit('Call a fork of the delivery workflow', {
    '.github/workflows/deliver.yml': workflow.replace(
      `uses: ${platform.provider}/`,
      `uses: mallory/${name}/`,
    ),
  });
  const beforeFork = platform.aws.calls.length;
  const fork = await stage.deliver();
  terminal.line(terminal.bold('A workflow that calls a fork of ours'));
  claims.claim('the run is red', fork.result.conclusion === 'failure', () => fork.result.conclusion);
  claims.claim(
    "AWS refused the identity: the token names the fork's workflow",
    failedWith(fork.result, /job_workflow_ref: mallory/),
    () => annotations(fork.result),
  );
  claims.claim('nothing was changed anywhere', mutations(stage, beforeFork).length === 0, () =>
    mutations(stage, beforeFork).join(', '),
  );
  await stage.commit('Deliver as before', { '.github/workflows/deliver.yml': workflow });
}

function failedWith(
  result: { readonly jobs: readonly { readonly log: string }[] },
  pattern: RegExp,
): boolean {
  return result.jobs.some((job) => pattern.test(job.log));
}

function annotations(result: {
  readonly jobs: readonly { readonly annotations: readonly { readonly message: string }[] }[];
}): string {
  return result.jobs.flatMap((job) => job.annotations.map(({ message }) => message)).join(' | ');
}

function mutations(stage: Stage, from: number): readonly string[] {
  return stage.platform.aws.calls
    .slice(from)
    .filter((call) => MUTATING.test(call.operation) && call.effects > 0)
    .map((call) => `${call.service}:${call.operation}`);
}
