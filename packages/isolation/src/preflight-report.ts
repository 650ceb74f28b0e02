import * as v from 'valibot';

/** What a preflight found, as the record keeps it. Times are RFC 3339. */
export const PreflightReport = v.strictObject({
  schemaVersion: v.literal(1),
  change: v.string(),
  mode: v.picklist(['plan', 'deploy']),
  judgedAt: v.string(),
  checks: v.array(
    v.strictObject({
      id: v.string(),
      owner: v.picklist(['provider', 'customer']),
      severity: v.picklist(['block', 'warn']),
      result: v.picklist(['pass', 'fail', 'unknown', 'waived']),
      blocks: v.boolean(),
      expected: v.string(),
      observed: v.string(),
      remedy: v.string(),
      waiver: v.nullable(v.string()),
    }),
  ),
});

export type PreflightReport = v.InferOutput<typeof PreflightReport>;
