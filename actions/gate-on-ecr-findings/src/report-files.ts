import type { ReportFolder } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { jsonWithList } from '@tenant-delivery/findings/json-with-list';
import { renderCsv } from '@tenant-delivery/findings/render-csv';
import { renderCycloneDxVex } from '@tenant-delivery/findings/render-cyclonedx-vex';
import { renderOpenVex } from '@tenant-delivery/findings/render-openvex';
import { renderSarif } from '@tenant-delivery/findings/render-sarif';
import type { Judgement, Verdict } from '@tenant-delivery/findings/verdict';
import { decidedFinding } from './verdict-of.ts';

export const DOCUMENT = 'findings.json';

/**
 * One judgement in every form that others read, each with its path as an output. The verdict is recorded by then: a file
 * that cannot be written is a warning, and no other verdict.
 */
export async function writeReports(
  { runner, reports }: { readonly runner: Runner; readonly reports: ReportFolder },
  /** The change, or without a contract the image's digest. */
  about: string,
  verdict: Verdict,
  judgement: Judgement,
): Promise<void> {
  const id = `urn:tenant-delivery:${about.startsWith('sha256:') ? 'image' : 'change'}:${about}`;
  const at = Date.parse(verdict.evaluatedAt);
  const files: readonly (readonly [
    output: string,
    name: string,
    text: string | Iterable<string> | undefined,
  ])[] = [
    ['findings-file', DOCUMENT, documentOf(verdict, judgement)],
    ['sarif-file', 'findings.sarif', renderSarif(judgement, verdict.subject, DOCUMENT)],
    ['csv-file', 'findings.csv', renderCsv(judgement)],
    [
      'openvex-file',
      'waivers.openvex.json',
      renderOpenVex(judgement, verdict.subject, { id, author: 'tenant-delivery gate', at }),
    ],
    ['cyclonedx-file', 'waivers.cdx.json', renderCycloneDxVex(judgement, verdict.subject, at)],
  ];
  for (const [output, name, text] of files) {
    if (text === undefined) continue;
    try {
      runner.output(output, await reports.write(name, text));
    } catch (thrown) {
      runner.warning(
        `${name} could not be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
    }
  }
}

function documentOf(verdict: Verdict, judgement: Judgement): Iterable<string> {
  const { reasonCode, waivers, rows } = judgement;
  const head = { schemaVersion: 1, verdict, reasonCode, waivers };
  return jsonWithList(head, 'findings', rows, (row) => decidedFinding(row, judgement));
}
