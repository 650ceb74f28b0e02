import { expect, it } from '@jest/globals';
import * as v from 'valibot';
import { parseDocument } from '../src/document.ts';
import { judged } from '../src/readable.ts';

const schema = v.strictObject({
  name: v.string(),
  adopt: v.optional(v.boolean()),
  services: v.record(
    v.pipe(v.string(), v.regex(/^[a-z]+$/, 'must be in lower case')),
    v.strictObject({ port: v.number(), layer: v.string(), paths: v.optional(v.array(v.string())) }),
  ),
});

function readable(value: unknown) {
  const read = parseDocument(schema, value);
  if ('document' in read) throw new Error('it has no mistake');
  return read.readable();
}

const SOUND = { port: 80, layer: 'app' };

it('has what is right, and ends a rule that asks for what is wrong or missing', () => {
  const document = readable({ services: { orders: { ...SOUND, port: 'http' }, shop: SOUND } });
  expect(
    judged(
      () => [`shop: ${document.services['shop']?.port}`],
      () => [`orders: ${document.services['orders']?.layer}`],
      () => Object.values(document.services).map(({ port }) => String(port)),
      () => [document.name],
      () => Object.keys(document.services),
    ),
  ).toEqual(['shop: 80', 'orders: app', 'orders', 'shop']);
});

it('does not say that something is absent where a key has a name that nobody knows', () => {
  const document = readable({ name: 'acme', adpot: true, services: { shop: { ...SOUND, path: ['/'] } } });
  expect(
    judged(
      () => [`adopt: ${document.adopt}`],
      () => [`paths: ${document.services['shop']?.paths}`],
      () => [String(Object.hasOwn(document, 'adopt'))],
      () => Object.entries(document).map(([key]) => key),
      () => [document.name],
    ),
  ).toEqual(['acme']);
});

it('does not say that a member is absent where a key of its record is wrong, nor count the others', () => {
  const document = readable({ name: 'acme', services: { Orders: SOUND, shop: SOUND } });
  expect(
    judged(
      () => Object.keys(document.services),
      () => [`orders: ${document.services['orders']}`],
      () => [`shop: ${document.services['shop']?.port}`],
    ),
  ).toEqual(['shop: 80']);
});

it('leaves an entry of a list out that is wrong, and every rule that reads all of them', () => {
  const document = readable({ name: 'acme', services: { shop: { ...SOUND, paths: ['/', 5] } } });
  const paths = () => document.services['shop']?.paths ?? [];
  expect(
    judged(
      () => [...paths()],
      () => [paths()[0] ?? ''],
      () => [`${paths().length}`],
    ),
  ).toEqual(['/', '2']);
});

it('lets every other error through', () => {
  expect(() =>
    judged(() => {
      throw new TypeError('a mistake of a rule');
    }),
  ).toThrow('a mistake of a rule');
});

it('ends a rule that copies a member whose kind is missing', () => {
  const kinds = v.strictObject({
    credentials: v.array(
      v.variant('kind', [
        v.strictObject({ kind: v.literal('user') }),
        v.strictObject({ kind: v.literal('secret') }),
      ]),
    ),
  });
  const read = parseDocument(kinds, { credentials: [{ id: 'a' }] });
  if ('document' in read) throw new Error('it has no kind');
  const document = read.readable();
  expect(judged(() => document.credentials.map((each) => ({ ...each }).kind))).toEqual([]);
});
