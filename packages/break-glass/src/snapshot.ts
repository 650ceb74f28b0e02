import type { PolicyDocument } from './policy-document.ts';
import type { GrantUses, ObservedRole } from './ports.ts';

/** What is there, of the role and of what was done with it. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly role: ObservedRole | undefined;
  readonly guard: PolicyDocument | undefined;
  /** By grant, for those that were asked about. */
  readonly uses: Readonly<Record<string, GrantUses>>;
}
