import type { Outcome } from '@tenant-delivery/action-kit/main';
import { canonicalJson, type Digest, formatImage, type Image, SEVERITIES } from '@tenant-delivery/domain';
import { annotationsOf } from '@tenant-delivery/findings/annotations';
import { policyOf } from '@tenant-delivery/findings/meet-policies';
import { judgeImage } from '@tenant-delivery/findings/verdict';
import { requireUncontracted } from '@tenant-delivery/tenancy/contract-tag';
import { failures as tenancyFailures } from '@tenant-delivery/tenancy/failures';
import { whyContracted } from '@tenant-delivery/tenancy/uncontracted';
import { digestOf } from '@tenant-delivery/vault/objects';
import { failures } from './failures.ts';
import type { AloneWorld } from './gate-world.ts';
import type { AloneInputs } from './inputs.ts';
import { exploitationOfAll, inspectImage } from './inspect-image.ts';
import { readPolicy } from './policy-alone.ts';
import { answersOf, headlineOf, remedyOf, rowsOf, summaryOf } from './report.ts';
import { DOCUMENT, writeReports } from './report-files.ts';
import { repositoryIn } from './repository-in.ts';
import { tellPullRequest } from './tell-pull-request.ts';
import { decidedFindings, verdictOf } from './verdict-of.ts';

const VERDICT_HOURS = 24; // what a contract would say

/**
 * Judges any image of the account of the job's credentials by a policy file: no contract, no record, no signature. The
 * outputs, the summary, the files and the exit code tell the result.
 */
export async function runAlone(given: AloneInputs, world: AloneWorld): Promise<Outcome> {
  const { runner, clock, identity, region, local } = world;
  const effective = await runner.group('Read the policy', () => readPolicy(given, world));
  const policy = policyOf(effective);
  const { name: repository, uri } = repositoryIn(given.repository, identity, region, local);
  const image: Image = await runner.group('Find the image', async () => {
    runner.info(`Account ${identity.account}, ${region}, as ${identity.arn}`);
    const contracted = whyContracted(identity.arn);
    if (contracted.length > 0) throw tenancyFailures.clearanceRefused(contracted);
    const tags = await world.repositories.ownTags(repository);
    if (tags === 'absent') throw failures.repositoryAbsent(repository, identity.account, region);
    requireUncontracted({ [`The repository ${repository}`]: tags });
    const digest = given.digest ?? (await digestNow(world, repository, given.tag ?? ''));
    const found = { repositoryUri: uri, digest: digest as Digest }; // by the pattern of the input, or by ECR's word
    runner.info(given.tag === undefined ? formatImage(found) : `${given.tag} is ${formatImage(found)}`);
    return found;
  });
  const { digest } = image;
  const children = await runner.group('Wait for the registry to inspect every platform of the image', () =>
    inspectImage(world, { repository, digest, minutes: given['scan-minutes'] }, () =>
      failures.imageAbsent(repository, digest),
    ),
  );
  if (given.tag !== undefined) {
    const now = await digestNow(world, repository, given.tag);
    if (now !== digest) throw failures.tagMoved(given.tag, digest, now);
  }
  const outcome = await runner.group('Judge what was found', async (): Promise<Outcome> => {
    const now = clock.now();
    const place = { repository, now };
    const exploitation = await exploitationOfAll(world, policy, place, children);
    const judgement = judgeImage(children, policy, place, exploitation);
    const policyDigest = digestOf(canonicalJson({ schemaVersion: 1, ...effective }));
    const findings = digestOf(canonicalJson({ schemaVersion: 1, findings: decidedFindings(judgement) }));
    // There is no floor: the file bounds itself.
    const judgedBy = { policy, policyDigest, floorDigest: policyDigest, hours: VERDICT_HOURS };
    const verdict = verdictOf(image, children, judgement, judgedBy, findings, now);
    const allowed = judgement.decision === 'allow';
    runner.output('decision', judgement.decision);
    runner.output('image', formatImage(image));
    runner.output('counts', JSON.stringify(judgement.counts));
    runner.verbatim([...judgement.reasons, ...rowsOf(judgement)]);
    for (const sentence of [...answersOf(verdict), ...annotationsOf(judgement, DOCUMENT)])
      runner.warning(sentence);
    await writeReports(world, digest, verdict, judgement);
    return {
      outcome: allowed ? 'gated' : 'denied',
      reasonCode: judgement.reasonCode,
      ok: allowed,
      headline: headlineOf(verdict),
      ...(!allowed && { remedy: remedyOf(judgement) }),
      facts: {
        image: formatImage(image),
        decision: judgement.decision,
        counts: judgement.counts,
        total: SEVERITIES.reduce((sum, severity) => sum + judgement.counts[severity], 0),
      },
      summary: summaryOf(verdict, { judgement, policy: effective, document: DOCUMENT }),
    };
  });
  const about = `${identity.account}/${region}/${repository}`;
  await tellPullRequest(world, { wish: given.comment ?? 'never', about, document: DOCUMENT }, outcome);
  return outcome;
}

async function digestNow({ repositories }: AloneWorld, repository: string, tag: string): Promise<Digest> {
  const found = await repositories.digestOf(repository, tag);
  if (found === 'absent') throw failures.imageAbsent(repository, `image with the tag ${tag}`);
  return found;
}
