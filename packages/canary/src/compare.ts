import type { Shape } from '@tenant-delivery/aws/session/answer-shape';
import type { Answers, AnswersByOperation } from './answers.ts';
import { type Timed, timed } from './timing.ts';

/** How AWS answered otherwise than the local AWS does to the same plays. */
export interface Deviation {
  /** Such as `ECS:DescribeServices`. */
  readonly operation: string;
  readonly kind:
    | 'refusal'
    | 'missing member'
    | 'other type'
    | 'asked more often'
    | Timed['kind']
    | 'more members'
    | 'not seen'
    | 'not compared';
  readonly says: string;
}

/** Members and types by their path, such as `services.[].deployments.[].id`. */
type Paths = ReadonlyMap<string, { readonly type: string; readonly always: boolean }>;

const MORE_OFTEN = 3; // times
const AT_LEAST = 10; // requests more

/** One line for each difference. A new member harms nobody, and a state may last longer than here: see `isGrave`. */
export function compare(expected: AnswersByOperation, seen: AnswersByOperation): readonly Deviation[] {
  const uncompared = Object.keys(seen).filter((operation) => !(operation in expected));
  const compared = Object.entries(expected).flatMap(([operation, wanted]): readonly Deviation[] => {
    const got = seen[operation];
    if (!got)
      return [{ operation, kind: 'not seen', says: 'the local AWS was asked, and AWS was not' } as const];
    const found: readonly Found[] = [
      ...refusals(operation, wanted, got),
      ...members(wanted, got),
      ...frequency(wanted, got),
      ...timed(operation, wanted, got),
    ];
    return found.map((each) => ({ operation, ...each }));
  });
  return [
    ...compared,
    ...uncompared.map((operation) => ({
      operation,
      kind: 'not compared' as const,
      says: 'AWS was asked, and the local AWS was not: no play here asks it',
    })),
  ];
}

const HARMLESS: readonly Deviation['kind'][] = ['more members', 'lasted longer', 'not seen', 'not compared'];

/** Our code may rest on what is otherwise. */
export function isGrave({ kind }: Deviation): boolean {
  return !HARMLESS.includes(kind);
}

type Found = Omit<Deviation, 'operation'>;

/** A refusal by a name that the local AWS never gave. */
function refusals(operation: string, wanted: Answers, got: Answers): readonly Found[] {
  const known = Object.keys(wanted.refusals).filter((name) => !(name in got.refusals));
  return Object.entries(got.refusals)
    .filter(
      ([name]) =>
        !(name in wanted.refusals) && !TRANSIENT.test(name) && !RACES.includes(`${operation} ${name}`),
    )
    .map(([name, times]) => ({
      kind: 'refusal',
      says: `AWS refused ${times} times by ${name}; the local AWS ${known.length > 0 ? `says ${known.join(', ')}` : 'does not refuse'}`,
    }));
}

/** What any operation may say when AWS is busy; the clients ask again. */
const TRANSIENT =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|InternalServer|ServiceUnavailable|Timeout/i;

/** A deployment that ends by itself at that moment cannot be stopped. */
const RACES = ['ECS:StopServiceDeployment ConflictException'];

function members(wanted: Answers, got: Answers): readonly Found[] {
  if (wanted.shapes.length === 0 || got.shapes.length === 0) return [];
  const [ours, theirs] = [pathsOf(wanted.shapes), pathsOf(got.shapes)];
  const missing = [...ours].filter(
    ([path, { always }]) => always && !theirs.has(path) && hasParent(theirs, path),
  );
  const others = [...ours].filter(([path, { type }]) => (theirs.get(path)?.type ?? type) !== type);
  const more = [...theirs.keys()].filter((path) => !ours.has(path) && hasParent(ours, path));
  return [
    ...missing.map(([path]) => ({ kind: 'missing member' as const, says: `AWS does not say ${path}` })),
    ...others.map(([path, { type }]) => ({
      kind: 'other type' as const,
      says: `${path} is ${theirs.get(path)?.type}, and ${type} here`,
    })),
    ...(more.length === 0
      ? []
      : [{ kind: 'more members' as const, says: `AWS also says ${more.sort().join(', ')}` }]),
  ];
}

/** Something that comes late is asked for again and again. */
function frequency(wanted: Answers, got: Answers): readonly Found[] {
  const more = got.asked > wanted.asked * MORE_OFTEN && got.asked - wanted.asked >= AT_LEAST;
  if (!more) return [];
  return [
    {
      kind: 'asked more often',
      says: `it was asked ${got.asked} times, and ${wanted.asked} times here: what it says comes later, or takes longer`,
    },
  ];
}

/** The members of all answers. `always`: every answer that could have it had it. */
function pathsOf(shapes: readonly Shape[]): Paths {
  const all = shapes.map((shape) => new Map(pathsIn(shape, '', true)));
  const paths = new Map<string, { type: string; always: boolean }>();
  for (const path of new Set(all.flatMap((each) => [...each.keys()]))) {
    const having = all.filter((each) => each.has(path));
    const could = all.filter((each) => hasParent(each, path));
    const [first] = having.flatMap((each) => each.get(path) ?? []);
    paths.set(path, {
      type: first?.type ?? 'different',
      always: having.length === could.length && having.every((each) => each.get(path)?.always),
    });
  }
  return paths;
}

function* pathsIn(
  shape: Shape,
  at: string,
  always: boolean,
): Generator<readonly [string, { type: string; always: boolean }]> {
  if (at !== '') yield [at, { type: typeof shape === 'string' ? shape : 'members', always }];
  if (typeof shape === 'string') return;
  for (const [member, inner] of Object.entries(shape)) {
    const name = member.replace(/\?$/, '');
    yield* pathsIn(
      inner,
      at === '' ? name : `${at}.${name}`,
      name === member && name !== '[]' && name !== '*',
    );
  }
}

function hasParent(paths: { has(path: string): boolean }, path: string): boolean {
  const end = path.lastIndexOf('.');
  return end < 0 || paths.has(path.slice(0, end));
}
