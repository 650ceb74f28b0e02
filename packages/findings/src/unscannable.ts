import { matchesGlob } from '@tenant-delivery/domain/glob';
import * as v from 'valibot';
import {
  day,
  daysOf,
  endOf,
  endsAfterItsStart,
  globs,
  reason,
  samePerson,
  somebodyElseApproves,
  startOf,
  text,
} from './answered-for.ts';

/** The floor's word on images that no scanner understands: built from nothing, or on an unknown system. */
export const UnscannableTerms = v.strictObject({
  /** Why such images are accepted at all. */
  reason,
  /** Of ECR, with `*` for any run of characters. */
  repositories: globs,
  /** Days from the day of creation to the last one. */
  maximumDays: v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(730, 'must be at most 730'),
  ),
  /** Who may approve. */
  approvers: v.pipe(v.array(text(100), 'must be a list of names'), v.minLength(1, 'names nobody')),
  /** What must replace an inspection: the bill of materials that our build attached, or nothing. */
  instead: v.optional(v.picklist(['sbom', 'nothing'], 'must be sbom or nothing')),
});
export type UnscannableTerms = v.InferOutput<typeof UnscannableTerms>;

/** The service's word: somebody answers for its image until a day. */
export const Unscannable = v.pipe(
  v.strictObject({ reason, owner: text(100), approvedBy: text(100), created: day, expires: day }),
  v.forward(somebodyElseApproves(), ['approvedBy']),
  v.forward(endsAfterItsStart(), ['expires']),
);
export type Unscannable = v.InferOutput<typeof Unscannable>;

/** Whether an image that nothing can inspect may be used; each reason why not. */
export function whyStillUninspected(
  { terms, allowance }: { readonly terms: UnscannableTerms; readonly allowance: Unscannable },
  place: { readonly repository: string; readonly now: number },
  hasSbom: boolean,
): readonly string[] {
  const { owner, expires, created, approvedBy } = allowance;
  return [
    ...(terms.repositories.some((glob) => matchesGlob(glob, place.repository))
      ? []
      : [`the floor allows that in the repositories ${terms.repositories.join(', ')}`]),
    ...(place.now >= endOf(allowance) ? [`the allowance of ${owner} expired on ${expires}`] : []),
    ...(place.now < startOf(created) ? [`the allowance of ${owner} holds from ${created} on`] : []),
    ...(terms.approvers.some((name) => samePerson(name, approvedBy))
      ? []
      : [`${approvedBy} may not approve that`]),
    ...(daysOf(allowance) > terms.maximumDays
      ? [`the allowance lasts ${daysOf(allowance)} days, and the floor allows ${terms.maximumDays}`]
      : []),
    ...((terms.instead ?? 'sbom') === 'nothing' || hasSbom
      ? []
      : ['the allowance asks for an SBOM of our build, and none is recorded']),
  ];
}
