import type { Outcome } from '@tenant-delivery/action-kit/main';
import { canonicalJson, type Digest, formatImage, type Image, SEVERITIES } from '@tenant-delivery/domain';
import { type EffectivePolicy, policyOf } from '@tenant-delivery/findings/effective-policy';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { requireUncontracted } from '@tenant-delivery/tenancy/contract-tag';
import { failures as tenancyFailures } from '@tenant-delivery/tenancy/failures';
import { whyContracted } from '@tenant-delivery/tenancy/uncontracted';
import { digestOf } from '@tenant-delivery/vault/objects';
import { failures } from './failures.ts';
import type { AloneWorld } from './gate-world.ts';
import type { AloneRequest } from './inputs.ts';
import { inspectImage } from './inspect-image.ts';
import { judgeFound } from './judge-image.ts';
import { readPolicy } from './policy-alone.ts';
import { summaryOf } from './report.ts';
import { DOCUMENT } from './report-files.ts';
import { type OwnRepository, repositoryIn } from './repository-in.ts';
import { tellPullRequest } from './tell-pull-request.ts';
import { outcomeOf, tellVerdict } from './tell-verdict.ts';
import { decidedFindings, verdictOf } from './verdict-of.ts';

const VERDICT_HOURS = 24; // what a contract would say

/**
 * Judges any image of the account of the job's credentials by a policy file: no contract, no record, no signature. The
 * decision is in the outputs, the summary, the files and the exit code.
 */
export async function runAlone(given: AloneRequest, world: AloneWorld): Promise<Outcome> {
  const { runner, identity, region, local } = world;
  const effective = await runner.group('Read the policy', () => readPolicy(given, world));
  const own = repositoryIn(given.repository, identity, region, local);
  const image = await runner.group('Find the image', () => findImage(given, world, own));
  const { digest } = image;
  const asked = { repository: own.name, digest, minutes: given['scan-minutes'] };
  const children = await runner.group('Wait for the registry to inspect every platform of the image', () =>
    inspectImage(world, asked, () => failures.imageAbsent(own.name, digest)),
  );
  if (given.tag !== undefined) {
    const now = await digestNow(world, own.name, given.tag);
    if (now !== digest) throw failures.tagMoved(given.tag, digest, now);
  }
  const outcome = await runner.group('Judge what was found', () =>
    judgeAlone(world, own.name, image, children, effective),
  );
  const about = `${identity.account}/${region}/${own.name}`;
  await tellPullRequest(world, { wish: given.comment ?? 'never', about, document: DOCUMENT }, outcome);
  return outcome;
}

/** The image by its digest, in a repository that no contract has taken. */
async function findImage(
  given: AloneRequest,
  world: AloneWorld,
  { name, uri }: OwnRepository,
): Promise<Image> {
  const { runner, identity, region } = world;
  runner.info(`Account ${identity.account}, ${region}, as ${identity.arn}`);
  const contracted = whyContracted(identity.arn);
  if (contracted.length > 0) throw tenancyFailures.clearanceRefused(contracted);
  const tags = await world.repositories.ownTags(name);
  if (tags === 'absent') throw failures.repositoryAbsent(name, identity.account, region);
  requireUncontracted({ [`The repository ${name}`]: tags });
  const digest = given.digest ?? (await digestNow(world, name, given.tag ?? ''));
  const found = { repositoryUri: uri, digest: digest as Digest }; // by the pattern of the input, or by ECR's word
  runner.info(given.tag === undefined ? formatImage(found) : `${given.tag} is ${formatImage(found)}`);
  return found;
}

async function judgeAlone(
  world: AloneWorld,
  repository: string,
  image: Image,
  children: readonly InspectedChild[],
  effective: EffectivePolicy,
): Promise<Outcome> {
  const now = world.clock.now();
  const policy = policyOf(effective);
  const judgement = await judgeFound(world, children, policy, { repository, now });
  const policyDigest = digestOf(canonicalJson({ schemaVersion: 1, ...effective }));
  const findingsDigest = digestOf(canonicalJson({ schemaVersion: 1, findings: decidedFindings(judgement) }));
  // There is no floor: the file bounds itself.
  const judgedBy = { policy, policyDigest, floorDigest: policyDigest, findingsDigest, hours: VERDICT_HOURS };
  const verdict = verdictOf(image, children, judgement, judgedBy, now);
  await tellVerdict(world, image.digest, image, verdict, judgement);
  const facts = {
    image: formatImage(image),
    decision: judgement.decision,
    counts: judgement.counts,
    total: SEVERITIES.reduce((sum, severity) => sum + judgement.counts[severity], 0),
  };
  return outcomeOf(
    verdict,
    judgement,
    facts,
    summaryOf(verdict, { judgement, policy: effective, document: DOCUMENT }),
  );
}

async function digestNow(
  { repositories, identity, region }: AloneWorld,
  repository: string,
  tag: string,
): Promise<Digest> {
  const found = await repositories.digestOf(repository, tag);
  if (found === 'no repository') throw failures.repositoryAbsent(repository, identity.account, region);
  if (found === 'absent') throw failures.imageAbsent(repository, `image with the tag ${tag}`);
  return found;
}
