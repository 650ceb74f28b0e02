import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { asksOf } from '../src/authorization/asks/index.ts';
import { readReference } from '../src/authorization/reference.ts';
import { carryOut } from '../src/perform.ts';
import { services } from '../src/services/index.ts';
import { jsonProtocol } from '../src/wire/json.ts';
import { modelOf } from '../src/wire/model.ts';
import { validate } from '../src/wire/validate.ts';
import { behaviourOf } from '../src/world/behaviour.ts';
import { localWorld } from '../src/world/local-world.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { AwsError, type Call } from '../src/world/service.ts';
import { anyKnownInput } from './a-value.ts';

const SEED = 69;
const INPUTS = 8;
const ACCOUNT = '000011112222';

const world = localWorld({ clock: manualClock(), url: () => 'http://127.0.0.1:1', runtime: 'simulated' });
const call: Call = {
  principal: { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/administrator` },
  account: ACCOUNT,
  region: 'eu-west-1',
  requestId: 'request',
  world,
  headers: {},
};
const protocol = jsonProtocol('1.1'); // for the words of a denial, of which there is none here
const house = { asksOf, behaviour: behaviourOf(world) };

beforeAll(readReference);
afterAll(() => world.close());

const all = services.flatMap((service) =>
  Object.keys(service.operations).map((operation) => [service.name, operation, service] as const),
);

describe('an input that the model allows is answered or refused', () => {
  it.each(all)('by %s:%s', async (_, name, service) => {
    const operation = (await modelOf(service.sdk)).operations.get(name);
    if (!operation) throw new Error(`${name} has no schema`);
    for (const input of fc.sample(anyKnownInput(service.name, operation), { seed: SEED, numRuns: INPUTS }))
      await carryOut({ service, protocol }, operation, Object(input), call, house).then(
        (value) => expect(validate(operation.output, value, 'typed')).toEqual([]),
        (thrown) => {
          if (!(thrown instanceof AwsError)) throw thrown; // a failure of the double
        },
      );
  });
});
