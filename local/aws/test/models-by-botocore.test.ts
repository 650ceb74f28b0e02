import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { NormalizedSchema } from '@smithy/core/schema';
import { counted } from '@tenant-delivery/testkit/counts';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import * as fc from 'fast-check';
import { services } from '../src/services/index.ts';
import { DIALECTS } from '../src/wire/dialects.ts';
import { modelOf } from '../src/wire/model.ts';
import { members, requiredMembers } from '../src/wire/shape.ts';
import { EXCEPTIONS } from '../tools/constraint-exceptions.ts';
import { anyKnownInput } from './a-value.ts';
import { anEcho } from './an-echo.ts';
import { BY_HAND } from './bad-by-hand.ts';
import { mutationsOf } from './mutations.ts';

jest.setTimeout(240_000); // some thousand requests of a program of others

const SEED = 15;
const GOOD = 2; // and one with no more than it must have: a member that botocore is too old for makes it no judge
const BAD = 12;

interface Verdict {
  readonly version: string;
  readonly judged: Readonly<Record<'good' | 'bad' | 'newer' | 'unsendable', number>> & {
    readonly operations: Readonly<Record<string, { readonly good: number; readonly bad: number }>>;
  };
  /** Operations that this botocore does not know yet. */
  readonly lacking: readonly string[];
  readonly disagreements: readonly unknown[];
}

describeWith('boto3', "botocore's models, as judge over every operation", (python) => {
  let verdict: Verdict;
  let echo: Awaited<ReturnType<typeof anEcho>>;

  beforeAll(async () => {
    echo = await anEcho({ checkReplies: false });
    const inputs: Record<string, object[]> = {};
    for (const { name, sdk, operations } of services)
      for (const operation of Object.keys(operations)) {
        const shape = (await modelOf(sdk)).operations.get(operation);
        if (!shape) throw new Error(`${operation} has no schema`);
        const whole = fc.sample(anyKnownInput(name, shape), { seed: SEED, numRuns: GOOD });
        const few = DEMAND_LESS.includes(`${name}:${operation}`)
          ? []
          : whole.slice(0, 1).map((input) => least(shape.input, input));
        const good = [...whole, ...few];
        // Of a whole input, and of the least one: what an older botocore knows whole.
        const broken = [whole, few]
          .map((some) => some.flatMap((input) => mutationsOf(name, shape, input)))
          .map((all) => all.filter(({ what, broken: value }) => canSay(name, what, value)))
          .filter((all) => all.length > 0);
        const runs = { seed: SEED, numRuns: BAD / broken.length };
        const bad = broken.flatMap((all) => fc.sample(fc.constantFrom(...all), runs));
        inputs[`${name}:${operation}`] = [
          ...good.map((value) => ({ what: 'good', value: plain(value) })),
          ...bad.map(({ what, broken: value }) => ({ what, value: plain(value) })),
        ];
      }
    verdict = await judged(python, {
      endpoint: `http://127.0.0.1:${echo.port}`,
      key: echo.credentials.accessKeyId,
      secret: echo.credentials.secretAccessKey,
      exceptions: EXCEPTIONS.map(({ shape }) => shape),
      inputs,
    });
    const { newer, unsendable } = verdict.judged;
    process.stdout.write(
      `botocore ${verdict.version}: ${unsendable} inputs that it can't send, ${newer} newer than it, ${verdict.lacking.length} operations that it lacks\n`,
    );
  });
  afterAll(() => echo.close());

  test('accepts what the models allow and refuses what they refuse', () => {
    expect(verdict.disagreements).toEqual([]);
  });

  test('judges as many as before', () => {
    const { good, bad, operations } = verdict.judged;
    const all = Object.values(operations);
    const wide = Object.entries(operations).filter(
      ([operation, counts]) =>
        counts.good >= 1 && (counts.bad >= 3 || (BY_HAND[operation]?.length ?? 0) >= 3),
    );
    const narrow = Object.keys(operations).filter((operation) => !wide.some(([one]) => one === operation));
    expect(narrow.sort()).toEqual(NO_INPUT);
    counted("botocore's models", {
      operations: all.length,
      'good inputs': good,
      'bad inputs': bad,
      'operations with three bad inputs': wide.length,
    });
  });
});

/** Operations that have no input: nothing can be wrong with it. */
const NO_INPUT = [
  'backup:DescribeRegionSettings',
  'ecr:DescribeRegistry',
  'ecr:GetRegistryScanningConfiguration',
  'iam:GetAccountSummary',
  'iam:ListOpenIDConnectProviders',
  'sts:GetCallerIdentity',
];

/** An input without what may be left out. In a structure of which nothing is left one member stays: a form can't say an empty one. */
function least(schema: NormalizedSchema, value: unknown, inside = false): unknown {
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => least(schema.getValueSchema(), item, true));
  if (!schema.isStructSchema() || schema.isUnionSchema()) return value;
  const required = requiredMembers(schema);
  const given = members(schema).filter(([name]) => name in Object(value));
  const kept = given.filter(([name]) => required.includes(name));
  const some = kept.length === 0 && inside ? given.slice(0, 1) : kept;
  return Object.fromEntries(
    some.map(([name, member]) => [name, least(member, Reflect.get(Object(value), name), true)]),
  );
}

/** A form, a path and a header hold text alone, and cannot say an empty structure. */
function canSay(service: string, what: string, value: unknown): boolean {
  return DIALECTS[service]?.protocol === 'json' || (what !== 'retype' && !hasEmpty(value));
}

/** Whether a list has a structure of which nothing is left. */
function hasEmpty(value: unknown): boolean {
  const inside = Object.values(Object(value));
  const emptyItem =
    Array.isArray(value) &&
    value.some((item) => item?.constructor === Object && Object.keys(item).length === 0);
  return emptyItem || (typeof value === 'object' && inside.some(hasEmpty));
}

/** Operations whose model demands less today than that of an older botocore. */
const DEMAND_LESS = ['monitoring:PutMetricAlarm', 'ec2:CreateNatGateway', 'ecr:UpdatePullThroughCacheRule'];

async function judged(python: string, asked: object): Promise<Verdict> {
  const run = promisify(execFile)(python, [join(import.meta.dirname, 'models-by-botocore.py')], {
    maxBuffer: 2 ** 26,
    env: { PATH: process.env['PATH'] ?? '' },
  });
  run.child.stdin?.end(JSON.stringify(asked));
  const { stdout } = await run;
  return JSON.parse(stdout) as Verdict; // as the script prints it
}

/** As JSON can carry it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return { $date: value.getTime() / 1000 };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
