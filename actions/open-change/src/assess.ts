import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admit } from '@tenant-delivery/delivery/admit';
import { pullRequestOf } from '@tenant-delivery/delivery/pull-request';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { releaseGateCheck } from '@tenant-delivery/tenancy/derived-names';
import { failures as tenancyFailures } from '@tenant-delivery/tenancy/failures';
import { ownWaivers } from '@tenant-delivery/tenancy/own-waivers';
import { breachIn } from '@tenant-delivery/tenancy/read-manifest';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { failures } from './failures.ts';
import type { OpenChangeInputs } from './inputs.ts';
import { readManifest, resolve } from './manifest.ts';
import { changesBetween } from './manifest-changes.ts';
import type { World } from './ports.ts';

import { type Assessment, notAssessed, reportAssessment } from './report-assessment.ts';

/**
 * Says what a pull request would change and whether the contract would allow it. Sends nothing to AWS that changes
 * anything; the contract is the one in force, and what is compared with is the base branch, never the pull request's word.
 */
export async function assess(given: OpenChangeInputs, world: World): Promise<Outcome> {
  const { runner, workspace } = world;
  const pullRequest = pullRequestOf(runner.context);
  if (!pullRequest) throw failures.pullRequestRequired(runner.context.eventName);
  if (pullRequest.fork) return notAssessed(given);
  const admission = await runner.group('Check the contract', async () =>
    admit(await world.reading(), targetOf(given)),
  );
  const path = shownPath(given.manifest);
  const wishAt = (file: string) => readManifest(workspace, file, path);
  const before = await attempt(async () =>
    resolve(path, await wishAt(given['base-manifest'] ?? ''), admission),
  );
  const known = 'resolved' in before ? before.resolved : undefined;
  const after = await attempt(async () => {
    const wish = await wishAt(given.manifest);
    const resolved = resolve(path, wish, admission);
    const own = ownWaivers(known, resolved, pullRequest.author);
    if (own.length > 0) {
      const breaches = own.map((breach) => breachIn(wish.scanFrom, breach));
      throw tenancyFailures.manifestOutsideContract(path, breaches);
    }
    return resolved;
  });
  const assessment = judge(known, after, admission, pullRequest.author);
  const { outcome, comment, check } = reportAssessment(given, assessment);
  const { repository } = runner.context;
  const place = `${given.tenant}/${given.environment}/${given.service}`;
  const { comments, checks } = await world.github();
  await comments.keep(repository, pullRequest.number, `tenant-delivery:release-gate:${place}`, comment);
  await checks.complete(repository, {
    name: releaseGateCheck(given),
    sha: pullRequest.head,
    conclusion: check.conclusion,
    title: check.title,
    summary: comment,
  });
  return outcome;
}

type Attempt = { readonly resolved: ResolvedService } | { readonly refusal: Failure };

async function attempt(work: () => Promise<ResolvedService>): Promise<Attempt> {
  try {
    return { resolved: await work() };
  } catch (thrown) {
    if (thrown instanceof Failure) return { refusal: thrown };
    throw thrown;
  }
}

function judge(
  known: ResolvedService | undefined,
  after: Attempt,
  admission: Admission,
  author: string,
): Assessment {
  const { required } = admission.environment.approval;
  if ('refusal' in after) return { kind: 'refused', refusal: after.refusal, required, author };
  return { kind: 'allowed', changes: changesBetween(known, after.resolved), first: !known, required, author };
}

/** The workflow checks both sides out into folders of its own; people know the path inside the repository. */
function shownPath(manifest: string): string {
  return manifest.replace(/^proposed\//, '');
}
