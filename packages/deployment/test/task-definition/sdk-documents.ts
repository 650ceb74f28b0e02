import type { Json } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { REGISTERED, type SdkShape } from './sdk-shapes.ts';

type Members = { readonly [member: string]: Json };

export interface Wish {
  /** What stands in for texts. */
  readonly text: fc.Arbitrary<string>;
  /** How often a member is `null`: once in so many times; never when it is absent. */
  readonly nulls?: number;
}

/** Documents with any of the members that the SDK can register, at any depth, of the kinds that it takes. */
export function registrations(wish: Wish): fc.Arbitrary<Members> {
  if (REGISTERED.kind !== 'members') throw new TypeError('the SDK registers something else now');
  return fc
    .tuple(membersOf(REGISTERED.members, wish), fc.stringMatching(/^[a-z]{1,8}$/))
    .map(([members, family]) => ({ ...members, family }));
}

function valuesOf(shape: SdkShape, wish: Wish): fc.Arbitrary<Json> {
  if (shape.kind === 'text') return wish.text;
  if (shape.kind === 'number') return fc.integer({ min: 0, max: 3 });
  if (shape.kind === 'boolean') return fc.boolean();
  if (shape.kind === 'texts')
    return fc.dictionary(fc.constantFrom('a', 'cpu', 'environment', 'constructor'), wish.text, {
      maxKeys: 2,
    });
  if (shape.kind === 'list') return fc.array(valuesOf(shape.of, wish), { maxLength: 2 });
  if (shape.kind === 'members') return membersOf(shape.members, wish);
  throw new TypeError('a task definition has a member of any kind now');
}

function membersOf(members: ReadonlyMap<string, SdkShape>, wish: Wish): fc.Arbitrary<Members> {
  const values = [...members].map(([name, member]) => {
    const value = valuesOf(member, wish);
    return [name, wish.nulls ? fc.option(value, { freq: wish.nulls }) : value] as const;
  });
  return fc.record(Object.fromEntries(values), { requiredKeys: [] }) as fc.Arbitrary<Members>; // it leaves members out, it makes none undefined
}

/** Values with which a member of each kind is worth a document: what is empty or zero must survive like the rest. */
const VALUES: Readonly<Record<'text' | 'number' | 'boolean' | 'texts' | 'any', readonly Json[]>> = {
  text: ['x', ''],
  number: [1, 0],
  boolean: [true, false],
  texts: [{ name: 'x' }, { name: '' }, {}],
  any: [],
};

/** A document for each member of the SDK's shapes and each of these values, with what leads to it, by its path. */
export function oneOfEach(shape: SdkShape = REGISTERED): readonly (readonly [path: string, value: Json])[] {
  if (shape.kind === 'list') {
    const entries = oneOfEach(shape.of).map(([path, value]) => [`[]${path}`, [value]] as const);
    return [['=[]', []], ...entries];
  }
  if (shape.kind !== 'members')
    return VALUES[shape.kind].map((value) => [`=${JSON.stringify(value)}`, value]);
  return [...shape.members].flatMap(([name, member]) =>
    oneOfEach(member).map(([path, value]) => [`.${name}${path}`, { [name]: value }] as const),
  );
}
