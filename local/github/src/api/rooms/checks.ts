import type { App } from '../../world/app.ts';
import { ACTIONS_APP, appIdOf, type CheckRun } from '../../world/check-run.ts';
import type { Job } from '../../world/job.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showCheckRun, showJobAsCheck } from '../show/check-run.ts';
import { applyCheck, newCheck } from './check-body.ts';
import { checksOf, newestOfEachName } from './checks-of-commit.ts';
import { commitIn } from './commits.ts';

export const checks: readonly Route[] = [
  write('POST', ['checks'], '/check-runs', create),
  read(['checks'], '/check-runs/{id}', (call) => {
    const found = checkIn(call);
    if (found) return ok(showCheckRun(call.world, found));
    const job = jobIn(call);
    if (!job) throw notFound();
    return ok(showJobAsCheck(call.world, job));
  }),
  write('PATCH', ['checks'], '/check-runs/{id}', update),
  read(['checks'], '/check-runs/{id}/annotations', (call) => {
    const found = checkIn(call);
    if (!found && !jobIn(call)) throw notFound();
    const head = found?.headSha ?? '';
    return page(call, found?.annotations ?? [], (some) =>
      some.map(({ path, ...each }) => ({
        path,
        blob_href: `${call.world.url}/${call.repository.fullName}/blob/${head}/${path}`,
        start_column: null,
        end_column: null,
        title: null,
        raw_details: null,
        ...each,
      })),
    );
  }),
  read(['checks'], '/commits/{ref}/check-runs', listForRef),
];

/** Made by apps only: a person's token is refused, as on GitHub. */
function create(call: RepositoryCall): Promise<Reply> {
  return asApp(call, async (app) => {
    const { world, repository } = call;
    const body = bodyOf(call, 'CheckRun');
    const sha = body.text('head_sha');
    if (!/^[0-9a-f]{40}$/.test(sha) || (await commitIn(call, sha)) !== sha) {
      throw validationFailed({ resource: 'CheckRun', field: 'head_sha', code: 'invalid' });
    }
    const check = newCheck(call, sha, app);
    applyCheck(call, check);
    repository.checkRuns.push(check);
    return ok(showCheckRun(world, check), 201);
  });
}

function update(call: RepositoryCall): Promise<Reply> {
  return asApp(call, async (app) => {
    const check = checkIn(call);
    if (!check) throw notFound();
    const id = app?.id ?? ACTIONS_APP;
    if (appIdOf(check) !== id)
      throw new ApiError(
        403,
        `Invalid app_id \`${id}\` - check run can only be modified by the GitHub App that created it.`,
      );
    applyCheck(call, check);
    return ok(showCheckRun(call.world, check));
  });
}

/** Gives the App of an installation; none for a job, whose token is of GitHub Actions. */
async function asApp(
  { principal }: RepositoryCall,
  deed: (app: App | undefined) => Promise<Reply>,
): Promise<Reply> {
  if (principal?.kind === 'installation') return deed(principal.installation.app);
  if (principal?.kind === 'job') return deed(undefined);
  throw new ApiError(403, 'You must authenticate via a GitHub App.');
}

/** Made through the API or by jobs; with `filter=latest` (the default) the newest of each name. */
async function listForRef(call: RepositoryCall): Promise<Reply> {
  const { world, repository, query } = call;
  const sha = await commitIn(call, call.parameters['ref']);
  const name = query.get('check_name');
  const status = query.get('status');
  const asked = checksOf(world, repository, sha)
    .filter((check) => name === null || check.name === name)
    .filter((check) => status === null || check.status === status);
  const found = query.get('filter') === 'all' ? asked : newestOfEachName(asked);
  return page(call, found, (some, total) => ({ total_count: total, check_runs: some }));
}

function checkIn({ repository, parameters }: RepositoryCall): CheckRun | undefined {
  return repository.checkRuns.find(({ id }) => id === Number(parameters['id']));
}

function jobIn({ repository, parameters }: RepositoryCall): Job | undefined {
  return repository.runs.flatMap((run) => run.jobs).find(({ id }) => id === Number(parameters['id']));
}
