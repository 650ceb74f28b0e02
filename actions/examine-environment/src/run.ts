import type { Outcome } from '@tenant-delivery/action-kit/main';
import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { type Counts, type Kept, keepIssue } from '@tenant-delivery/delivery/kept-issue';
import { agreedEnvironment } from '@tenant-delivery/provisioning/doctor/agreed-environment';
import { type Examination, examine } from '@tenant-delivery/provisioning/doctor/examine';
import { renderJson } from '@tenant-delivery/provisioning/doctor/render';
import { agreedContract } from './agreed-contract.ts';
import { doctorIssue } from './doctor-issue.ts';
import type { ExamineInputs } from './inputs.ts';
import type { ExamineWorld } from './ports.ts';
import { sectionOf } from './section.ts';

const DOCUMENT = 'doctor.json';

/** Compares what a contract promises with what is there, and keeps the tenant's issue. It changes nothing. */
export async function run(given: ExamineInputs, world: ExamineWorld): Promise<Outcome> {
  const { runner, clock, provider, trust, sight, github, seesCustomers } = world;
  const { tenant, environment } = given;
  const contract = await runner.group('Read the contract', () => agreedContract(world.workspace, given));
  const at = clock.now();
  const agreed = agreedEnvironment(contract, environment, { provider, publishers: [], trust, at });
  const examination = await runner.group('Look at everything that it promises', () =>
    examine(agreed, {
      sight,
      github,
      newest: world.newest(),
      ...(!seesCustomers && { repositories: [contract.operations.repository] }),
    }),
  );
  await writeReport(world, examination, at);
  const counts = countsOf(examination);
  const markdown = sectionOf(examination, at);
  const kept = await runner.group("Keep the tenant's issue", async () =>
    keepIssue(await world.issues(), runner.context.repository, doctorIssue(tenant), {
      ...{ environment, counts, at, markdown },
    }),
  );
  if (kept.kind !== 'none') runner.output('issue', kept.url);
  const headline = headlineOf(`${tenant}/${environment}`, counts, kept);
  if (counts.deciding + counts.unknown > 0) runner.warning(headline);
  return {
    ...verdictOf(counts),
    ok: true,
    headline,
    facts: { tenant, environment, wrong: counts.deciding, unknown: counts.unknown, issue: kept.kind },
    summary: `## Doctor\n\n${escapeMarkdown(headline)}\n\n${markdown}`,
  };
}

function countsOf({ lines }: Examination): Counts {
  const of = (result: string) => lines.filter((line) => line.result === result).length;
  return { deciding: of('wrong'), unknown: of('unknown') };
}

function verdictOf({ deciding, unknown }: Counts): Pick<Outcome, 'outcome' | 'reasonCode'> {
  if (deciding > 0) return { outcome: 'wrong', reasonCode: 'ENVIRONMENT_WRONG' };
  return unknown > 0
    ? { outcome: 'unknown', reasonCode: 'ENVIRONMENT_UNKNOWN' }
    : { outcome: 'ok', reasonCode: 'OK' };
}

function headlineOf(place: string, { deciding, unknown }: Counts, kept: Kept): string {
  const issue = kept.kind === 'none' ? '' : ` The issue is ${kept.kind}: ${kept.url}`;
  return deciding + unknown === 0
    ? `${place} is as its contract promises.${issue}`
    : `In ${place} ${deciding} things are wrong, and ${unknown} could not be seen.${issue}`;
}

/** A file that cannot be written is a warning: what matters is in the issue. */
async function writeReport(
  { runner, reports }: ExamineWorld,
  examination: Examination,
  at: number,
): Promise<void> {
  try {
    runner.output('report-file', await reports.write(DOCUMENT, renderJson([examination], at)));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    runner.warning(`${DOCUMENT} could not be written: ${why}`);
  }
}
