import type { Outcome } from '@tenant-delivery/action-kit/main';
import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { type Kept, keepIssue } from '@tenant-delivery/delivery/kept-issue';
import { MINUTE } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { addressesOf } from '../addresses.ts';
import { observeGithub } from '../github/observe-github.ts';
import type { ProvisionInputs } from '../inputs.ts';
import type { ObserveWorld } from '../ports.ts';
import { driftIssue } from './drift-issue.ts';
import { driftSection } from './drift-section.ts';
import { observeDrift } from './observe-drift.ts';
import { countsOf, type StackDrift } from './stack-drift.ts';

/** Compares each stack of a part with what was approved last, and keeps the tenant's issue. It changes nothing. */
export async function observePart(world: ObserveWorld, given: ProvisionInputs): Promise<Outcome> {
  const { runner, clock, reports } = world;
  const { tenant, environment, account, region, part } = given;
  const admission = await runner.group('Find the contract', () =>
    admitStacks(world, { tenant, environment, account, region, part }),
  );
  const deadline = clock.now() + given['timeout-minutes'] * MINUTE;
  const stacks = await runner.group('Compare what is there with what was approved', async () => [
    ...(await observeDrift(world, admission, deadline)),
    ...(await observeGithub(world, admission)),
  ]);
  const counts = countsOf(stacks);
  const at = clock.now();
  const markdown = driftSection(`${environment}/${part}`, stacks, at);
  const document = { schemaVersion: 1, tenant, environment, part, at: new Date(at).toISOString(), stacks };
  const text = JSON.stringify(document);
  runner.output('report', digestOf(text));
  runner.output('report-file', await reports.write(`drift-${part}.json`, text));
  const addresses = await addressesOf(world, admission);
  runner.output('addresses', Object.keys(addresses).length > 0 ? JSON.stringify(addresses) : '');
  const kept = await runner.group("Keep the tenant's issue", async () =>
    keepIssue(await world.issues(), runner.context.repository, driftIssue(tenant), {
      environment: `${environment}/${part}`,
      counts,
      at,
      markdown,
    }),
  );
  if (kept.kind !== 'none') runner.output('issue', kept.url);
  const headline = headlineOf(`${part} of ${tenant}/${environment}`, stacks, kept);
  if (counts.deciding + counts.unknown > 0) runner.warning(headline);
  return {
    outcome: counts.deciding > 0 ? 'drifted' : counts.unknown > 0 ? 'unknown' : 'clean',
    reasonCode: counts.deciding > 0 ? 'STACKS_DRIFTED' : counts.unknown > 0 ? 'STACKS_UNKNOWN' : 'OK',
    ok: true,
    headline,
    facts: { tenant, environment, part, ...counts, issue: kept.kind },
    summary: `## Drift\n\n${escapeMarkdown(headline)}\n\n${markdown}`,
  };
}

function headlineOf(place: string, stacks: readonly StackDrift[], kept: Kept): string {
  const { deciding, unknown } = countsOf(stacks);
  const all = stacks.every(({ notSeen }) => notSeen.length === 0);
  if (deciding + unknown === 0)
    return `${place} is as it was approved${all ? '' : ', as far as this job may see'}.`;
  const issue = kept.kind === 'none' ? '' : ` The issue is ${kept.url}.`;
  return `${place}: ${deciding} differences from what was approved, ${unknown} observations missing.${issue}`;
}
