import { isMapping, list, type Mapping, mapping, text, type Value } from '../value.ts';

/** The most jobs that a matrix may make (GitHub, "Usage limits"). */
const MOST = 256;

/** One combination of a matrix. */
export interface Leg {
  readonly matrix: Mapping;
  /** What GitHub adds to the job's name: `(eu, 2)`; empty without a matrix. */
  readonly suffix: string;
}

/** The combinations of a `strategy.matrix` whose expressions are evaluated (GitHub, "Run variations of jobs"). */
export function legsOf(value: Value | undefined): readonly Leg[] {
  if (value === undefined || value === null) return [{ matrix: {}, suffix: '' }];
  if (!isMapping(value)) throw new Error(`A matrix must be a mapping, not '${text(value)}'.`);
  const { include, exclude, ...axes } = value;
  const excluded = list(exclude).map(mapping);
  const stray = excluded.flatMap(Object.keys).find((name) => !(name in axes));
  if (stray !== undefined)
    throw new Error(`Matrix exclude key '${stray}' does not match any key within the matrix`);
  const crossed = cross(axes).filter((leg) => !excluded.some((each) => contains(leg, each)));
  const legs = withIncluded(crossed, new Set(Object.keys(axes)), list(include).map(mapping));
  if (legs.length > MOST)
    throw new Error(`The matrix makes ${legs.length} jobs; at most ${MOST} are allowed.`);
  if (legs.length === 0) throw new Error('Matrix vector does not contain any values');
  return legs.map((matrix) => ({ matrix, suffix: ` (${scalarsOf(matrix).join(', ')})` }));
}

function cross(axes: Mapping): readonly Mapping[] {
  const names = Object.entries(axes);
  if (names.length === 0) return [];
  return names.reduce<readonly Mapping[]>(
    (legs, [name, values]) => {
      if (!Array.isArray(values)) throw new Error(`The matrix's '${name}' must be a list.`);
      return legs.flatMap((leg) => list(values).map((each) => ({ ...leg, [name]: each })));
    },
    [{}],
  );
}

/** An entry joins every combination whose own values it does not change; one that joins none is a job of its own. */
function withIncluded(
  legs: readonly Mapping[],
  axes: ReadonlySet<string>,
  included: readonly Mapping[],
): readonly Mapping[] {
  const extended = legs.map((leg) => ({ ...leg }));
  const alone: Mapping[] = [];
  for (const entry of included) {
    const own = Object.fromEntries(Object.entries(entry).filter(([name]) => axes.has(name)));
    const joins = extended.filter((leg) => contains(leg, own));
    if (joins.length === 0 || legs.length === 0) alone.push(entry);
    else for (const leg of joins) Object.assign(leg, entry);
  }
  return [...extended, ...alone];
}

function contains(leg: Mapping, part: Mapping): boolean {
  return Object.entries(part).every(([name, value]) => {
    const own = leg[name];
    if (isMapping(value) && isMapping(own)) return contains(own, value);
    return JSON.stringify(own) === JSON.stringify(value);
  });
}

function scalarsOf(value: Value): readonly string[] {
  if (isMapping(value)) return Object.values(value).flatMap(scalarsOf);
  if (typeof value === 'object' && value !== null) return value.flatMap(scalarsOf);
  return [text(value)];
}
