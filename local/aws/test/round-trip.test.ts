import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { services } from '../src/services/index.ts';
import { modelOf } from '../src/wire/model.ts';
import { anyKnownInput, anyOf } from './a-value.ts';
import { anEcho } from './an-echo.ts';

type Send = (input: unknown) => Promise<Record<string, unknown>>;

let echo: Awaited<ReturnType<typeof anEcho>>;
beforeAll(async () => {
  echo = await anEcho({ checkReplies: true });
});
afterAll(() => echo.close());

async function sender(sdk: string, operation: string): Promise<Send> {
  const imported: Record<string, unknown> = await import(sdk);
  const [, Client] = Object.entries(imported).find(([name]) => /^[A-Z]\w+Client$/.test(name)) ?? [];
  const make = Client as new (options: object) => { send: Send }; // every SDK package has one client
  const Command = imported[`${operation}Command`] as new (input: unknown) => unknown; // and a command per operation
  const endpoint = `http://127.0.0.1:${echo.port}`;
  const client = new make({
    endpoint,
    region: 'eu-west-1',
    credentials: { ...echo.credentials },
    maxAttempts: 1,
  });
  return async (input) => client.send(new Command(input));
}

const all = services.flatMap(({ name, sdk, operations }) =>
  Object.keys(operations).map((operation) => [name, operation, sdk] as const),
);
/** S3's bodies are streams and its inputs are paths; the vault's tests are its round trip. CloudTrail's client is not installed. */
const rpc = all.filter(([name]) => name !== 's3' && name !== 'cloudtrail');

describe('on the wire', () => {
  it.each(rpc)(
    '%s:%s gives its handler what the SDK was given, and the SDK what the handler answered',
    async (service, operation, sdk) => {
      const shape = (await modelOf(sdk)).operations.get(operation);
      if (!shape) throw new Error(`${operation} has no schema`);
      const send = await sender(sdk, operation);
      const inputs = anyKnownInput(service, shape);
      const outputs = shape.output.isUnitSchema() ? fc.constant({}) : anyOf(shape.output);
      await fc.assert(
        fc.asyncProperty(inputs, outputs, async (input, output) => {
          echo.stage.answer = Object(output);
          const { $metadata: _metadata, ...seen } = await send(input);
          expect(plain(echo.stage.given)).toEqual(plain(input));
          expect(plain(seen)).toEqual(plain(output));
        }),
        { numRuns: 3 },
      );
    },
  );
});

/** Bytes as arrays, undefined members gone: what can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, plain(item)]),
  );
}
