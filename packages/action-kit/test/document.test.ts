import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { describeMistake, parseDocument } from '../src/document.ts';

const schema = v.strictObject({
  name: v.string(),
  container: v.strictObject({
    port: v.pipe(v.number(), v.integer('must be a whole number')),
    cpu: v.optional(v.number()),
  }),
  services: v.record(v.string(), v.strictObject({ family: v.string() })),
  rules: v.array(v.strictObject({ from: v.string() })),
});

describe('a document', () => {
  it('reports every mistake with its path, and the nearest name of an unknown key', () => {
    const read = parseDocument(schema, {
      container: { prot: 8080, port: 80.5 },
      services: { orders: { famly: 'x', family: 'y' } },
      rules: [{ from: 'a', form: 'b', to: 'c' }],
    });
    expect('mistakes' in read && read.mistakes.map(describeMistake).sort()).toEqual([
      'container.port: is 80.5; must be a whole number',
      'container.prot: is not a known key; did you mean port?',
      'name: is missing',
      'rules.0.form: is not a known key; did you mean from?',
      'rules.0.to: is not a known key',
      'services.orders.famly: is not a known key; did you mean family?',
    ]);
  });

  it('says what must be there in the words of who writes it, whatever the schema says of its own', () => {
    const plain = v.strictObject({
      days: v.picklist([30, 60]),
      on: v.boolean(),
      names: v.array(v.string()),
      kind: v.literal('tcp'),
      place: v.strictObject({}),
      share: v.pipe(v.number(), v.maxValue(100)),
      few: v.pipe(v.array(v.string()), v.maxLength(1)),
    });
    const given = { days: 31, on: 'yes', names: [5], kind: 'udp', place: 'x', share: 101, few: ['a', 'b'] };
    const read = parseDocument(plain, given);
    expect('mistakes' in read && read.mistakes.map(describeMistake)).toEqual([
      'days: is 31; must be one of 30, 60',
      'on: is "yes"; must be true or false',
      'names.0: is 5; must be text',
      'kind: is "udp"; must be "tcp"',
      'place: is "x"; must be a mapping',
      'share: is 101; must be at most 100',
      'few: has 2; must have at most 1',
    ]);
  });

  const waivers = v.strictObject({
    a: v.optional(v.number()),
    items: v.array(v.strictObject({ id: v.string(), owner: v.string(), until: v.string() })),
    place: v.optional(
      v.strictObject({ at: v.string(), by: v.optional(v.strictObject({ who: v.string() })) }),
    ),
  });
  const mistakesIn = (value: unknown) => {
    const read = parseDocument(waivers, value);
    return 'mistakes' in read ? read.mistakes.map(describeMistake) : [];
  };

  it('tells of lines that slipped out of their object once, and not of each key that they leave missing', () => {
    expect(mistakesIn({ a: 'x', items: [{ id: '1' }], owner: 'me', until: 'then' })).toEqual([
      expect.stringMatching(/^a: /),
      'items.0: has no owner, until; owner is at the top level instead: indent these lines like the other keys of items.0',
    ]);
    expect(mistakesIn({ items: [], place: { at: 'here', by: {}, who: 'me' } })).toEqual([
      'place.by: has no who; who is in place instead: indent these lines like the other keys of place.by',
    ]);
  });

  it('does not take a key that is unknown for one that is missing elsewhere by another name, or further out', () => {
    expect(mistakesIn({ items: [{ id: '1' }], ownr: 'me' })).toEqual([
      'items.0.owner: is missing',
      'items.0.until: is missing',
      'ownr: is not a known key',
    ]);
    expect(mistakesIn({ place: { at: 'here', items: [] } })).toEqual([
      'items: is missing',
      'place.items: is not a known key',
    ]);
  });
});
