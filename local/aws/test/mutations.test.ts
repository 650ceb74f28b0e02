import { describe, expect, it } from '@jest/globals';
import { counted } from '@tenant-delivery/testkit/counts';
import * as fc from 'fast-check';
import { constraintsOf, violations } from '../src/constraints/violations.ts';
import { services } from '../src/services/index.ts';
import { modelOf } from '../src/wire/model.ts';
import { members } from '../src/wire/shape.ts';
import { validate } from '../src/wire/validate.ts';
import { anyInput } from './a-value.ts';
import { mutationsOf } from './mutations.ts';

const SEED = 54;
const GOOD = 20;
const MUTATIONS = 100;

const all = services.flatMap(({ name, sdk, operations }) =>
  Object.keys(operations).map((operation) => [name, operation, sdk] as const),
);

describe('the door', () => {
  let tried = 0;
  it.each(all)(
    'lets good inputs of %s:%s in, and none of a hundred broken ones',
    async (service, name, sdk) => {
      const operation = (await modelOf(sdk)).operations.get(name);
      if (!operation) throw new Error(`${name} has no schema`);
      expect(constraintsOf(service)?.operations).toHaveProperty(name); // else npm run models
      const wrongs = (input: unknown) => [
        ...validate(operation.input, input, 'typed'),
        ...violations(service, name, Object(input)),
      ];
      const good = fc.sample(anyInput(service, operation), { seed: SEED, numRuns: GOOD });
      expect(good.flatMap(wrongs)).toEqual([]);
      const mutations = good.flatMap((input) => mutationsOf(service, operation, input));
      const chosen = fc.sample(fc.constantFrom(...mutations, undefined), { seed: SEED, numRuns: MUTATIONS });
      const accepted = chosen.filter((mutation) => mutation && wrongs(mutation.broken).length === 0);
      expect(accepted.map((mutation) => `${mutation?.what} ${mutation?.path.join('.')}`)).toEqual([]);
      tried += chosen.filter((mutation) => mutation !== undefined).length;
      expect(mutations.length > 0).toBe(members(operation.input).length > 0);
    },
  );

  it('was tried as often as before', () => {
    counted('mutations of inputs', { operations: all.length, mutations: tried });
  });
});
