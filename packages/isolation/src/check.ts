/** `unknown`: it could not be looked at, which is never taken for good. `waived`: somebody accepted it beforehand. */
export type CheckResult = 'pass' | 'fail' | 'unknown' | 'waived';

/** Who can fix it: the provider owns the account and everything in it, the customer the service and its manifest. */
export type Owner = 'provider' | 'customer';

/** Whether a failed check stops a deploy. Only what warns can be waived. */
export type Severity = 'block' | 'warn';

/** What was expected of one thing, what was seen, and what to do where they differ. */
export interface Check {
  readonly id: string;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly result: CheckResult;
  readonly expected: string;
  /** May hold others' words: names, reasons, messages of AWS. */
  readonly observed: string;
  readonly remedy: string;
  /** Whether a deploy stops here. */
  readonly blocks: boolean;
  /** Why it counts as waived. */
  readonly waiver?: string;
}

/** What a judge says of one observed value. */
export type Verdict =
  | { readonly result: 'pass'; readonly observed: string }
  /** `warns`: AWS would take it, so that it stops nothing whatever the check. */
  | { readonly result: 'fail'; readonly observed: string; readonly remedy: string; readonly warns?: true }
  /** `missing`: the IAM action that was denied, when that is why nothing was seen. */
  | { readonly result: 'unknown'; readonly observed: string; readonly missing?: string };
