import type { Reported } from '../credential-kind.ts';
import { type CredentialOf, type KindName, kindOf } from '../kinds.ts';

/** A credential of a contract as a report takes it. Names and policies, never values. */
export type ReportedCredential = { readonly [Name in KindName]: Reported<CredentialOf<Name>> }[KindName];

/** How old it may become. */
export function maxAgeDaysOf(credential: ReportedCredential): number {
  return credential.maxAgeDays ?? kindOf(credential).report.mostDays;
}
