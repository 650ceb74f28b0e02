import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Bake } from '@tenant-delivery/delivery/bake-record';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import { Plan } from '@tenant-delivery/deployment/plan/plan';
import type { Digest } from '@tenant-delivery/domain';
import { getBytes } from '@tenant-delivery/vault/objects';
import { failures } from '../failures.ts';
import type { VerifyWorld } from '../verify-world.ts';

/**
 * Reads the report by its digest and compares it with the signed record: this change, this plan, this image, and the
 * deployment whose bake has begun.
 */
export async function readReport(
  { vault }: Pick<VerifyWorld, 'vault'>,
  change: ChangeHandle,
  digest: Digest,
  bake: Bake | undefined,
): Promise<DeploymentReport> {
  const [bytes, plan] = await inOrder([getBytes(vault, digest), change.document('plan', Plan)]);
  if (typeof bytes === 'string') {
    const found = bytes === 'absent' ? 'is not in the vault' : 'was changed in the vault';
    throw failures.reportUnusable(digest, [`it ${found}`]);
  }
  const parsed = parseDocument(DeploymentReport, JSON.parse(Buffer.from(bytes).toString()));
  if ('mistakes' in parsed) throw failures.reportUnusable(digest, parsed.mistakes.map(describeMistake));
  const report = parsed.document;
  const baking = bake?.record.taskDefinition;
  const problems = [
    ...(report.change === change.id ? [] : [`it is about ${report.change}`]),
    ...(report.plan === change.evidence('plan') ? [] : ['it names another plan than the record']),
    ...(report.image === plan.image.to ? [] : [`it names ${report.image}, the plan ${plan.image.to}`]),
    ...(report.outcome === 'deployed' || report.outcome === 'unchanged'
      ? []
      : [`it ended as ${report.outcome}`]),
    ...(baking === undefined || baking === report.taskDefinition
      ? []
      : [`it brought ${report.taskDefinition}, and ${baking} is baking`]),
    ...(change.state === 'deploying' ? [] : [`${change.id} is ${change.state}`]),
  ];
  if (problems.length > 0) throw failures.reportUnusable(digest, problems);
  return report;
}
