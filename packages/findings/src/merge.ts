import { type Finding, saysWhatItIsAbout } from './finding.ts';
import { severityOf, worst } from './severity.ts';

/**
 * Makes one row for each vulnerability of each package version and place, however many platforms have it. The row has the
 * worst severity, and a fix or an exploit if one of them has it. It says when it was first seen, and that there is no exploit,
 * only if all of them say so. An unknown severity gets a row of its own, because it is neither worse nor milder than a known
 * one. Rows are sorted, so that the same findings give the same document.
 */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const rows = new Map<string, Finding>();
  /** Most findings are the only ones of their key, and need no list. */
  const others = new Map<string, Finding[]>();
  for (const [index, finding] of findings.entries()) {
    const key = keyOf(finding, index);
    if (!rows.has(key)) {
      rows.set(key, finding);
      continue;
    }
    const more = others.get(key);
    if (more) more.push(finding);
    else others.set(key, [finding]);
  }
  for (const [key, more] of others) {
    const first = rows.get(key);
    if (first) rows.set(key, combineAll([first, ...more]));
  }
  return [...rows.keys()].sort().flatMap((key) => rows.get(key) ?? []);
}

/** A row that does not say what it is about equals no other row. */
function keyOf(finding: Finding, index: number): string {
  const { vulnerability, package: name, version, purl, filePath = '', unknownKind, findingArns } = finding;
  if (unknownKind !== undefined) return [vulnerability, unknownKind, findingArns?.[0] ?? index].join('\n');
  const nameless = saysWhatItIsAbout(finding) ? [] : [index];
  const unknown = finding.severity === 'unknown' ? ['unknown'] : [];
  return [vulnerability, purl ?? `${name}\n${version}`, filePath, ...unknown, ...nameless].join('\n');
}

/** The same row whatever order its parts came in. */
function combineAll(same: readonly Finding[]): Finding {
  const [first, ...others] = sorted(same);
  if (first === undefined) throw new Error('no rows to combine');
  return others.reduce(combine, first);
}

function sorted(same: readonly Finding[]): readonly Finding[] {
  return same.toSorted(
    (a, b) =>
      compare(a.platforms.join(), b.platforms.join()) || compare(JSON.stringify(a), JSON.stringify(b)),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function combine(a: Finding, b: Finding): Finding {
  const severity = worst(a.severity, b.severity);
  const [said, other] = a.severity === severity ? [a, b] : [b, a];
  const {
    suppressed: _suppressed,
    exploit: _exploit,
    firstObservedAt: _firstObservedAt,
    fixUnnamed: _fixUnnamed,
    ...rest
  } = { ...other, ...said };
  const fixUnnamed = [a.fixUnnamed, b.fixUnnamed].includes('said') ? 'said' : (a.fixUnnamed ?? b.fixUnnamed);
  const vendorSeverity = worseWord(a.vendorSeverity, b.vendorSeverity);
  return {
    ...rest,
    severity,
    ...(vendorSeverity !== undefined && { vendorSeverity }),
    ...joined('platforms', [...a.platforms, ...b.platforms]),
    ...joinedIfAny('aliases', a.aliases, b.aliases),
    ...joinedIfAny('findingArns', a.findingArns, b.findingArns),
    ...(a.firstObservedAt &&
      b.firstObservedAt &&
      smaller('firstObservedAt', a.firstObservedAt, b.firstObservedAt)),
    ...smaller('vendorCreatedAt', a.vendorCreatedAt, b.vendorCreatedAt),
    ...smaller('fixedIn', a.fixedIn, b.fixedIn),
    ...(fixUnnamed && { fixUnnamed }),
    ...((a.exploit === 'yes' || b.exploit === 'yes') && { exploit: 'yes' as const }),
    ...(a.exploit === 'no' && b.exploit === 'no' && { exploit: 'no' as const }),
    ...(a.suppressed && b.suppressed && { suppressed: true as const }),
  };
}

function worseWord(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (severityOf(a) === severityOf(b)) return a < b ? a : b;
  return worst(severityOf(a), severityOf(b)) === severityOf(a) ? a : b;
}

function joined<Name extends string>(name: Name, values: readonly string[]) {
  return { [name]: [...new Set(values)].sort() } as Record<Name, string[]>; // one key, given as a literal
}

function joinedIfAny<Name extends string>(name: Name, a: readonly string[] = [], b: readonly string[] = []) {
  return a.length + b.length === 0 ? {} : joined(name, [...a, ...b]);
}

function smaller<Name extends string>(name: Name, a: string | undefined, b: string | undefined) {
  const [first] = [a, b].filter((value) => value !== undefined).sort();
  return first === undefined ? {} : ({ [name]: first } as Record<Name, string>); // one key, given as a literal
}
