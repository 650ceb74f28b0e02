import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { Plan } from '@tenant-delivery/deployment';

/** The plan as its reader approves it: image, what differs, class and why. */
export function planSummary(change: string, digest: string, plan: Plan): string {
  const { service, tenant, environment, account, region } = plan.target;
  const place = `${code(service)} of ${code(`${tenant}/${environment}`)} (account ${code(account)}, ${code(region)})`;
  const head = plan.changes
    ? `### Plan: a new version of ${place}`
    : `### Nothing to deploy: ${place} runs this image already`;
  const changes = table(
    ['what', 'is', 'will be'],
    plan.taskDefinition.changes.map(({ path, from, to }) => [
      code(path),
      from === null ? 'not there' : code(from),
      to === null ? 'removed' : code(to),
    ]),
  );
  return [
    head,
    `Change ${code(change)}, plan ${code(digest)}.`,
    `Class: ${plan.class}. ${escapeMarkdown(plan.why)}`,
    `Starts from ${code(plan.taskDefinition.from)} in the cluster ${code(plan.cluster)}.`,
    ...(plan.changes ? [changes] : []),
    ...plan.notes.map((note) => `- ${escapeMarkdown(note)}`),
  ].join('\n\n');
}
