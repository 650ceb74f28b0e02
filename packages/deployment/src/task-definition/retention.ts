/** A revision of a task definition family that can still be deployed, as its ARN tells it. */
export interface RevisionsKept {
  /** ARNs of the family's ACTIVE revisions, in any order. */
  readonly active: readonly string[];
  /** How many of the newest are kept in any case; 0 keeps all, because then nothing is to be taken out of use. */
  readonly newest: number;
  /** What any service, service deployment or task runs or is to run. */
  readonly inUse: ReadonlySet<string>;
  /** What was good last, by the records and by ECS, and what a rollback would go back to. */
  readonly good: ReadonlySet<string>;
}

/**
 * The revisions that may be taken out of use, oldest first: neither among the newest, nor in use, nor good. A service
 * cannot be set to an INACTIVE revision, so one that is missing here costs nothing and one too many costs the way back.
 */
export function expendable({ active, newest, inUse, good }: RevisionsKept): readonly string[] {
  if (newest < 1) return [];
  const ordered = active
    .map((arn) => ({ arn, number: numberOf(arn) }))
    .filter((one): one is { readonly arn: string; readonly number: number } => one.number !== undefined)
    .sort((a, b) => a.number - b.number);
  return ordered
    .slice(0, Math.max(0, ordered.length - newest))
    .map(({ arn }) => arn)
    .filter((arn) => !inUse.has(arn) && !good.has(arn));
}

/** What is known of the revisions that a service has run. */
export interface RevisionHistory {
  /** Task definitions of verified changes, latest first: the records' word. */
  readonly verified: readonly string[];
  /** Task definitions of SUCCESSFUL service deployments, latest first: ECS's word, and where its breaker goes back to. */
  readonly successful: readonly string[];
}

/** The last good revision by each word, and the one before it, which a rollback goes back to. */
export function goodRevisions({ verified, successful }: RevisionHistory): ReadonlySet<string> {
  return new Set([verified, successful].flatMap((latestFirst) => [...new Set(latestFirst)].slice(0, 2)));
}

/** What cannot be read is not known to be old. */
function numberOf(arn: string): number | undefined {
  const digits = /:task-definition\/[A-Za-z0-9_-]+:(\d+)$/.exec(arn)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
