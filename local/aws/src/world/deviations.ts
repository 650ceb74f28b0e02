import type { World } from './world.ts';

/** A way in which AWS could be otherwise than this server has it: what `canary` must notice. */
export type Deviation =
  /** A refusal comes by another name. */
  | { readonly kind: 'other-name'; readonly service: string; readonly from: string; readonly to: string }
  /** An answer lacks a member; `a.b` for one inside another, or inside each item of a list. */
  | {
      readonly kind: 'no-member';
      readonly service: string;
      readonly operation: string;
      readonly member: string;
    }
  /** So many answers have an empty list before one is whole. */
  | {
      readonly kind: 'late';
      readonly service: string;
      readonly operation: string;
      readonly member: string;
      readonly times: number;
    }
  /** AWS's clock, as the header of each answer has it, is so many milliseconds ahead of the machine's. */
  | { readonly kind: 'clock'; readonly ahead: number }
  /** STS does not offer a claim to trusts. */
  | { readonly kind: 'no-claim'; readonly claim: string };

const known = new WeakMap<World, Deviation[]>();
const shown = new WeakMap<Deviation, number>();

export function deviate(world: World, deviation: Deviation): void {
  known.set(world, [...deviationsIn(world), deviation]);
}

function deviationsIn(world: World): readonly Deviation[] {
  return known.get(world) ?? [];
}

/** The name by which a service refuses. */
export function nameOfRefusal(world: World, service: string, name: string): string {
  const found = deviationsIn(world).find(
    (each) => each.kind === 'other-name' && each.service === service && each.from === name,
  );
  return found?.kind === 'other-name' ? found.to : name;
}

/** What an operation answers. */
export function deviated(world: World, service: string, operation: string, answer: object): object {
  return deviationsIn(world).reduce((value, each) => {
    if (!('operation' in each) || each.service !== service || each.operation !== operation) return value;
    if (each.kind === 'no-member') return without(value, each.member.split('.'));
    const times = shown.get(each) ?? 0;
    shown.set(each, times + 1);
    return times < each.times ? { ...value, [each.member]: [] } : value;
  }, answer);
}

/** The `date` header of each answer, where it is another one than Node's. */
export function dateIn(world: World): { readonly date?: string } {
  const found = deviationsIn(world).find((each) => each.kind === 'clock');
  return found ? { date: new Date(Date.now() + found.ahead).toUTCString() } : {};
}

/** Whether STS lets a trust test this claim. */
export function isOffered(world: World, claim: string): boolean {
  return !deviationsIn(world).some((each) => each.kind === 'no-claim' && each.claim === claim);
}

function without(value: object, [first = '', ...rest]: readonly string[]): object {
  const { [first]: inner, ...others } = value as Readonly<Record<string, unknown>>; // an answer of a handler
  if (rest.length === 0) return others;
  if (Array.isArray(inner)) return { ...others, [first]: inner.map((item) => without(Object(item), rest)) };
  return { ...others, [first]: without(Object(inner), rest) };
}
