import { instant } from '@tenant-delivery/action-kit/instant';
import { SEVERITIES } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { JudgedFinding } from './exploitation.ts';
import { severityBy } from './severity.ts';

/** The file that the gate leaves (`findings-file`), as far as a finding can be judged or explained again from it. */
export const FindingsFile = v.looseObject({
  schemaVersion: v.literal(1, 'must be 1'),
  verdict: v.looseObject({
    subject: v.looseObject({ repositoryUri: v.string(), digest: v.string() }),
    evaluatedAt: instant(),
  }),
  reasonCode: v.string(),
  findings: v.array(
    v.looseObject({
      vulnerability: v.string(),
      severity: v.picklist(SEVERITIES),
      saidSeverity: v.string(),
      package: v.string(),
      version: v.string(),
      platforms: v.array(v.string()),
    }),
  ),
});
export type FindingsFile = v.InferOutput<typeof FindingsFile>;

export function findingsIn({ findings }: FindingsFile): readonly JudgedFinding[] {
  const judged = findings as readonly JudgedFinding[]; // the gate wrote their other members; a policy compares them, and runs none
  // By the registry's word again: another policy may ask for another one.
  return judged.map((finding) => ({ ...finding, severity: severityBy('inspector', finding) }));
}
