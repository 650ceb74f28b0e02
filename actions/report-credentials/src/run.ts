import type { Outcome } from '@tenant-delivery/action-kit/main';
import { countsOf, outcomeOf, renderJson } from '@tenant-delivery/credentials/report/render-json';
import { renderSarif } from '@tenant-delivery/credentials/report/render-sarif';
import { renderSummary } from '@tenant-delivery/credentials/report/render-summary';
import { reportCredentials } from '@tenant-delivery/credentials/report/report-credentials';
import { reportedCredential } from '@tenant-delivery/credentials/report/reported-credential';
import type { Report } from '@tenant-delivery/credentials/report/row';
import { admitReport } from '@tenant-delivery/delivery/admit-report';
import type { ReportInputs } from './inputs.ts';
import { type Kept, keepIssues } from './keep-issues.ts';
import type { ReportingWorld } from './ports.ts';

const DOCUMENT = 'credentials.json';
const OUTCOMES = { passes: 'clean', warns: 'due', fails: 'found' } as const;

/** How old every credential of an environment is, and what is to be done about it. Changes none of them. */
export async function run(given: ReportInputs, world: ReportingWorld): Promise<Outcome> {
  const { runner } = world;
  const { tenant, environment, account, region } = given;
  const place = { tenant, environment, account, region };
  const agreed = await runner.group('Find the contract', () => admitReport(world, place));
  const { credentials = [], githubApp } = agreed.environment;
  const { provider, customer } = agreed.contract.contacts;
  const report = await runner.group('Look at every credential', () =>
    reportCredentials(
      {
        ...place,
        owner: [...Object.values(provider), ...Object.values(customer)],
        credentials: credentials.map(reportedCredential),
        appKey: githubApp?.key,
      },
      world.open(
        githubApp,
        credentials.flatMap((one) => (one.kind === 'github-deploy-key' ? one.repository : [])),
      ),
    ),
  );
  await writeFiles(world, report);
  const { issues } = world;
  const kept =
    issues &&
    (await runner.group('Keep an issue for each that is overdue or held', async () =>
      keepIssues(await issues(), runner.context.repository, report),
    ));
  return outcomeFor(world, report, kept);
}

function outcomeFor({ runner }: ReportingWorld, report: Report, kept: Kept | undefined): Outcome {
  const counts = countsOf(report);
  const bearing = outcomeOf(report);
  const headline = headlineOf(report, kept);
  if (bearing === 'warns') runner.warning(headline);
  const { tenant, environment, at } = report;
  return {
    outcome: OUTCOMES[bearing],
    reasonCode: reasonOf(counts),
    ok: bearing !== 'fails',
    headline,
    ...(bearing === 'fails' && {
      remedy: `Do what the rows say that are overdue, held or unknown: the summary has them first, and ${DOCUMENT} has all.`,
    }),
    facts: { tenant, environment, at, counts, ...(kept && { issues: kept }) },
    summary: renderSummary(report, DOCUMENT),
  };
}

function reasonOf(counts: Readonly<Record<string, number>>): string {
  if (counts['hold']) return 'CREDENTIAL_HELD';
  if (counts['overdue']) return 'CREDENTIAL_OVERDUE';
  return counts['unknown'] ? 'CREDENTIAL_UNKNOWN' : 'OK';
}

function headlineOf({ tenant, environment, rows, ...report }: Report, kept: Kept | undefined): string {
  const counts = countsOf({ ...report, tenant, environment, rows });
  const said = Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  const left = kept && kept.left.length > 0 ? ` ${kept.left.length} issues are left for the next run.` : '';
  return `Credentials of ${tenant} ${environment}: ${said.join(', ') || 'there are none'}.${left}`;
}

/** A file that cannot be written is a warning: what it says stands in the summary. */
async function writeFiles({ runner, reports }: ReportingWorld, report: Report): Promise<void> {
  const files = [
    ['report-file', DOCUMENT, renderJson(report)],
    ['sarif-file', 'credentials.sarif', renderSarif(report)],
  ] as const;
  for (const [output, name, text] of files) {
    try {
      runner.output(output, await reports.write(name, text));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      runner.warning(`${name} could not be written: ${why}`);
    }
  }
}
