import type { Outcome } from '@tenant-delivery/action-kit/main';
import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { admit, publishedContract } from '@tenant-delivery/delivery/admit';
import { type Counts, isClean, type Kept, keepIssue } from '@tenant-delivery/delivery/kept-issue';
import { jsonWithList } from '@tenant-delivery/findings/json-with-list';
import type { ReGateInputs } from '../inputs.ts';
import { decidedFinding } from '../verdict-of.ts';
import { judgeService } from './judge-service.ts';
import type { ReGateWorld } from './ports.ts';
import { reGateIssue } from './re-gate-issue.ts';
import { countsOf, type RunningService } from './running.ts';
import { sectionOf } from './section.ts';

const DOCUMENT = 're-gate.json';

/**
 * Judges what really runs in an environment by today's findings, and keeps the tenant's issue up to date. It stops
 * nothing, records nothing, and no version is refused afterwards that was allowed before: bad news is an issue.
 */
export async function reGate(given: ReGateInputs, world: ReGateWorld): Promise<Outcome> {
  const { runner, clock } = world;
  const { tenant, environment } = given;
  const names = await runner.group('Find the contract', () => agreedServices(world, given));
  const services = await runner.group('Judge what runs', async () => {
    const judged: RunningService[] = [];
    for (const service of names) {
      const admission = await admit(world, { ...given, service });
      const found = await judgeService(world, admission, given['scan-minutes']);
      runner.verbatim([
        `${service}: ${found.images.length} images run`,
        ...found.unknown.map((why) => `  not known: ${why}`),
        ...found.notes.map((note) => `  ${note}`),
      ]);
      judged.push(found);
    }
    return judged;
  });
  const counts = countsOf(services);
  const now = clock.now();
  const markdown = sectionOf(environment, services, { now, document: DOCUMENT });
  const kept = await runner.group("Keep the tenant's issue", async () =>
    keepIssue(await world.issues(), runner.context.repository, reGateIssue(tenant), {
      environment,
      counts,
      at: now,
      markdown,
    }),
  );
  if (kept.kind !== 'none') runner.output('issue', kept.url);
  await writeDocument(world, given, services);
  const headline = headlineOf(environment, counts, kept);
  if (!isClean(counts)) runner.warning(headline);
  return {
    outcome: outcomeOf(counts),
    reasonCode: counts.deciding > 0 ? 'FINDINGS_OVER_LIMIT' : counts.unknown > 0 ? 'SCAN_NOT_EVIDENCE' : 'OK',
    ok: true,
    headline,
    facts: { tenant, environment, ...counts, issue: kept.kind },
    summary: `## Re-gate\n\n${escapeMarkdown(headline)}\n\n${markdown}`,
  };
}

function outcomeOf({ deciding, unknown }: Counts): 'clean' | 'found' | 'unknown' {
  if (deciding > 0) return 'found';
  return unknown > 0 ? 'unknown' : 'clean';
}

function headlineOf(environment: string, { deciding, unknown }: Counts, kept: Kept): string {
  const issue = kept.kind === 'none' ? '' : ` The issue is ${kept.kind}: ${kept.url}`;
  return deciding + unknown === 0
    ? `Everything that runs in ${environment} is inside the limits.${issue}`
    : `Of what runs in ${environment}, ${deciding} findings are over the limits and ${unknown} observations are missing.${issue}`;
}

/** The services of the environment's signed contract. */
async function agreedServices(world: ReGateWorld, given: ReGateInputs): Promise<readonly string[]> {
  const { signed } = await publishedContract(world, given);
  return Object.keys(signed.contract.environments[given.environment]?.services ?? {}).sort();
}

/** Everything that was found in everything that runs. A file that cannot be written is a warning. */
async function writeDocument(
  { runner, reports }: ReGateWorld,
  { tenant, environment }: ReGateInputs,
  services: readonly RunningService[],
): Promise<void> {
  const images = services.flatMap(({ service, images }) => images.map((image) => ({ service, ...image })));
  const unknown = services.flatMap((each) => each.unknown.map((why) => ({ service: each.service, why })));
  const head = { schemaVersion: 1, tenant, environment, unknown };
  function* text() {
    yield `${JSON.stringify(head).slice(0, -1)},"images":[`;
    for (const [index, { service, digest, tasks, judgement }] of images.entries()) {
      const { decision, reasons, rows } = judgement;
      if (index > 0) yield ',';
      yield* jsonWithList({ service, digest, tasks, decision, reasons }, 'findings', rows, (row) =>
        decidedFinding(row, judgement),
      );
    }
    yield ']}';
  }
  try {
    runner.output('findings-file', await reports.write(DOCUMENT, text()));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    runner.warning(`${DOCUMENT} could not be written: ${why}`);
  }
}
