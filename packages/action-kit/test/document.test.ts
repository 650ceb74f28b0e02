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
      rules: [{ from: 'a', form: 'b' }],
    });
    expect('mistakes' in read && read.mistakes.map(describeMistake).sort()).toEqual([
      'container.port: is 80.5; must be a whole number',
      'container.prot: is not a known key; did you mean port?',
      'name: is missing',
      'rules.0.form: is not a known key; did you mean from?',
      'services.orders.famly: is not a known key; did you mean family?',
    ]);
  });
});
