import type { Severity } from '@tenant-delivery/domain';
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
import type { Deployed } from './compare-findings.ts';
import { hasExploit, type JudgedFinding } from './exploitation.ts';
import type { Finding } from './finding.ts';
import { isMended } from './fix.ts';
import { parsePackage, samePackage } from './package-url.ts';

/** One vulnerability, by its id. A waiver for anything at all would not be a waiver. */
const vulnerability = v.pipe(
  v.string('must be the id of a vulnerability'),
  v.regex(
    /^[A-Za-z][A-Za-z0-9]{1,15}[-:][A-Za-z0-9][A-Za-z0-9:._-]{1,80}$/,
    'must be the id of one vulnerability such as CVE-2026-12345, without wildcards',
  ),
);

const packageUrl = v.pipe(
  v.string('must be a package such as pkg:deb/openssl'),
  v.check(
    (value) => parsePackage(value) !== undefined,
    'must be a package such as pkg:deb/openssl or pkg:npm/lodash@4.*; wildcards only in the version',
  ),
);

/** Codes of OpenVEX 0.2.0 for why a product is not affected. */
const Justification = v.picklist(
  [
    'component_not_present',
    'vulnerable_code_not_present',
    'vulnerable_code_not_in_execute_path',
    'vulnerable_code_cannot_be_controlled_by_adversary',
    'inline_mitigations_already_exist',
  ],
  'must be a justification of OpenVEX 0.2.0, such as vulnerable_code_not_in_execute_path',
);

/** One vulnerability of one package that somebody answers for until a day. Everything given must match. */
export const Waiver = v.pipe(
  v.strictObject({
    id: vulnerability,
    package: packageUrl,
    /** Of ECR, with `*` for any run of characters. */
    repositories: globs,
    /** Of the files that the package was found in; any, when it is not said. */
    paths: v.optional(globs),
    reason,
    /** Why the service is not affected; without it the risk is accepted. */
    justification: v.optional(Justification),
    owner: text(100),
    approvedBy: text(100),
    created: day,
    /** The last day on which it holds. */
    expires: day,
    /** Whether it ends when a version that mends the finding is known; `true` when it is not said. */
    untilFixed: v.optional(v.boolean('must be true or false')),
  }),
  v.forward(somebodyElseApproves(), ['approvedBy']),
  v.forward(endsAfterItsStart(), ['expires']),
);
export type Waiver = v.InferOutput<typeof Waiver>;

const days = v.optional(
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(0, 'must be at least 0'),
    v.maxValue(730, 'must be at most 730'),
  ),
);

/** The floor's bounds of waivers. */
export const WaiverTerms = v.strictObject({
  /** Days from the day of creation to the last one, by severity; a severity that is left out cannot be waived. */
  maximumDays: v.strictObject({
    critical: days,
    high: days,
    medium: days,
    low: days,
    informational: days,
    unknown: days,
  }),
  /** Who may approve. */
  approvers: v.pipe(v.array(text(100), 'must be a list of names'), v.minLength(1, 'names nobody')),
  /** Days without anything to cover after which a waiver stops deliveries; only named when it is not said. */
  unusedDays: days,
  /** What cannot be waived whatever its severity: `kev`, `exploitAvailable`, or the id of a vulnerability. */
  nonWaivable: v.optional(v.array(v.union([v.picklist(['kev', 'exploitAvailable']), vulnerability]))),
});
export type WaiverTerms = v.InferOutput<typeof WaiverTerms>;

/** Where and when a waiver is held against a finding. */
export interface WaiverPlace {
  /** The repository in ECR. */
  readonly repository: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the version that runs has too; nothing where it is not known. */
  readonly deployed?: Deployed;
  /** Waivers that it still needs, each by its `waiverKey`. */
  readonly needed?: ReadonlySet<string>;
}

/** Whether a waiver is about a finding's vulnerability, and if it is, why it does not cover the finding. */
export type WaiverMatch =
  | { readonly kind: 'other' }
  | { readonly kind: 'covers' }
  | { readonly kind: 'near'; readonly why: readonly string[]; readonly expired: boolean };

/** Every part must match, and every limit of the floor must hold. An unknown value of the finding matches nothing. */
export function matchWaiver(
  waiver: Waiver,
  finding: JudgedFinding,
  place: WaiverPlace,
  terms: WaiverTerms | undefined,
): WaiverMatch {
  const names = [finding.vulnerability, ...(finding.aliases ?? [])];
  if (!names.some((name) => sameId(name, waiver.id))) return { kind: 'other' };
  const expired = place.now >= endOf(waiver);
  const why = [
    ...whyElsewhere(waiver, finding, place.repository),
    ...(expired ? [`it expired on ${waiver.expires}`] : []),
    ...(place.now < startOf(waiver.created) ? [`it holds from ${waiver.created} on`] : []),
    ...(waiver.untilFixed !== false && isMended(finding)
      ? [`it holds until a fix is known, and ${finding.fixedIn ?? 'a version that is not named'} fixes this`]
      : []),
    ...whyNotAllowed(waiver, finding, names, terms),
  ];
  return why.length === 0 ? { kind: 'covers' } : { kind: 'near', why, expired };
}

function whyElsewhere(waiver: Waiver, finding: JudgedFinding, repository: string): readonly string[] {
  return [
    ...(samePackage(waiver.package, finding) ? [] : [`it is for ${waiver.package}`]),
    ...(waiver.repositories.some((glob) => matchesGlob(glob, repository))
      ? []
      : [`it is for the repositories ${waiver.repositories.join(', ')}`]),
    ...(waiver.paths === undefined || waiver.paths.some((glob) => matchesPath(glob, finding))
      ? []
      : [`it is for the paths ${waiver.paths.join(', ')}`]),
  ];
}

function matchesPath(glob: string, { filePath }: Finding): boolean {
  return filePath !== undefined && matchesGlob(glob, filePath);
}

function whyNotAllowed(
  waiver: Waiver,
  finding: JudgedFinding,
  names: readonly string[],
  terms: WaiverTerms | undefined,
): readonly string[] {
  if (!terms) return ['the floor allows no waivers'];
  const never = terms.nonWaivable ?? [];
  const most = terms.maximumDays[finding.severity] ?? 0;
  const lasts = daysOf(waiver);
  return [
    ...(terms.approvers.some((name) => samePerson(name, waiver.approvedBy))
      ? []
      : [`${waiver.approvedBy} may not approve waivers`]),
    ...(most === 0 ? [`the floor lets no ${finding.severity} finding be waived`] : []),
    ...(most > 0 && lasts > most
      ? [`it lasts ${lasts} days, and the floor allows ${most} for ${finding.severity}`]
      : []),
    ...never
      .filter(
        (what) => what !== 'kev' && what !== 'exploitAvailable' && names.some((name) => sameId(name, what)),
      )
      .map((id) => `the floor lets nobody waive ${id}`),
    ...unwaivable(never.includes('kev'), finding.kev, 'is known to be exploited (KEV)'),
    ...unwaivable(never.includes('exploitAvailable'), hasExploit(finding), 'has a public exploit'),
  ];
}

function unwaivable(never: boolean, known: boolean | undefined, what: string): readonly string[] {
  if (!never || known === false) return [];
  const it = known ? `it ${what}` : `whether it ${what} is not known`;
  return [`${it}, and the floor lets nobody waive that`];
}

export function waiverKey({ id, package: name }: Pick<Waiver, 'id' | 'package'>): string {
  return JSON.stringify([id.toLowerCase(), name]);
}

/** How long a waiver of this severity may last at most; the longest of all without a severity. */
export function longestOf(terms: WaiverTerms, severity?: Severity): number {
  return severity
    ? (terms.maximumDays[severity] ?? 0)
    : Math.max(0, ...Object.values(terms.maximumDays).map((most) => most ?? 0));
}

export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
