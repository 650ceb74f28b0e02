import type { Repository } from '../../world/repository.ts';
import type { World } from '../../world/world.ts';
import { showCheckRun, showJobAsCheck } from '../show/check-run.ts';

/** What was made through the API and the jobs of runs, as checks, the newest first. */
export function checksOf(world: World, repository: Repository, sha: string) {
  const made = repository.checkRuns.filter(({ headSha }) => headSha === sha);
  const jobs = repository.runs.filter(({ headSha }) => headSha === sha).flatMap((run) => run.jobs);
  return [
    ...made.map((check) => showCheckRun(world, check)),
    ...jobs.map((job) => showJobAsCheck(world, job)),
  ].toSorted((a, b) => b.id - a.id);
}

/** Of checks that begin with the newest. */
export function newestOfEachName<C extends { readonly name: string }>(checks: readonly C[]): readonly C[] {
  return checks.filter((check, index) => checks.findIndex((each) => each.name === check.name) === index);
}
