import { relative, resolve } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, scopeOf } from '../job/step-place.ts';
import { mapping, type Strings, text } from '../value.ts';
import type { Doing, PreparedStep } from './prepared-step.ts';
import { stepName } from './step-name.ts';
import { inputsNamed, warnOfUnexpected } from './unexpected-inputs.ts';

const INPUTS = inputsNamed(
  'repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules set-safe-directory github-server-url allow-unsafe-pr-checkout',
);
/** Inputs that would change what is checked out in ways that this equivalent can't. */
const UNSUPPORTED = ['ssh-key', 'filter', 'sparse-checkout', 'lfs', 'submodules'];

/** The built-in equivalent of actions/checkout. */
export async function runCheckout(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  given: Strings,
  { outputs }: Doing,
): Promise<'success' | 'failure'> {
  warnOfUnexpected(job, 'actions/checkout', given, INPUTS);
  const refused = UNSUPPORTED.filter((name) => (given[name] ?? 'false') !== 'false' && given[name] !== '');
  if (refused.length > 0) throw new Error(`actions/checkout is built in, without: ${refused.join(', ')}.`);
  const github = mapping(scopeOf(job, place).contexts['github']);
  const folder = resolve(job.folders.workspace, given['path'] ?? '');
  if (relative(job.folders.workspace, folder).startsWith('..')) {
    throw new Error(`Repository path '${folder}' is not under '${job.folders.workspace}'`);
  }
  const repository = given['repository'] || text(github['repository']);
  const persistCredentials = (given['persist-credentials'] ?? 'true') !== 'false';
  job.log.line(`Syncing repository: ${repository}`);
  const { commit, forget } = await job.checkout({
    repository,
    ref: given['ref'] ?? '',
    folder,
    depth: Number(given['fetch-depth'] ?? 1),
    token: given['token'] || text(github['token']),
    persistCredentials,
  });
  job.log.line(`HEAD is now at ${commit}`);
  outputs.set('commit', commit);
  outputs.set('ref', given['ref'] || text(github['ref']));
  job.posts.push({
    name: `Post ${stepName(job, place, step.definition)}`,
    holds: () => true,
    run: async () => {
      await forget();
      return 'success';
    },
  });
  return 'success';
}
