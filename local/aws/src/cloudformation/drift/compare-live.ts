import { isDeepStrictEqual } from 'node:util';
import type { PropertyDifference } from '@aws-sdk/client-cloudformation';
import type { Properties } from '../resource-type.ts';

/** Where the live properties differ from what the template said. What it did not say is not compared, as at AWS. */
export function differences(expected: Properties, actual: Properties): readonly PropertyDifference[] {
  return Object.keys(expected).flatMap((name) => compare(`/${name}`, expected[name], actual[name]));
}

function compare(path: string, expected: unknown, actual: unknown): readonly PropertyDifference[] {
  if (alike(expected, actual)) return [];
  if (isObject(expected) && isObject(actual))
    return Object.keys(expected).flatMap((name) => compare(`${path}/${name}`, expected[name], actual[name]));
  if (Array.isArray(expected) && Array.isArray(actual)) return compareLists(path, expected, actual);
  return [
    {
      PropertyPath: path,
      ExpectedValue: told(expected),
      ActualValue: told(actual),
      DifferenceType: actual === undefined ? 'REMOVE' : 'NOT_EQUAL',
    },
  ];
}

/** Lists are sets here: services give tags, rules and subnets back in orders of their own. */
function compareLists(
  path: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
): readonly PropertyDifference[] {
  const missing = expected.filter((one) => !actual.some((other) => alike(one, other)));
  const added = actual.filter((one) => !expected.some((other) => alike(other, one)));
  if (missing.length === 1 && added.length === 1) {
    const [one] = missing;
    return isObject(one) && isObject(added[0])
      ? compare(`${path}/${expected.indexOf(one)}`, one, added[0])
      : [
          {
            PropertyPath: `${path}/${expected.indexOf(one)}`,
            ExpectedValue: told(one),
            ActualValue: told(added[0]),
            DifferenceType: 'NOT_EQUAL',
          },
        ];
  }
  return [
    ...missing.map((one) => ({
      PropertyPath: `${path}/${expected.indexOf(one)}`,
      ExpectedValue: told(one),
      ActualValue: 'null',
      DifferenceType: 'REMOVE' as const,
    })),
    ...added.map((one) => ({
      PropertyPath: `${path}/${actual.indexOf(one)}`,
      ExpectedValue: 'null',
      ActualValue: told(one),
      DifferenceType: 'ADD' as const,
    })),
  ];
}

/** Equal in what the expected one says; the order of lists does not count, and services may add members. */
function alike(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected) && Array.isArray(actual))
    return (
      expected.length === actual.length && expected.every((one) => actual.some((other) => alike(one, other)))
    );
  if (isObject(expected) && isObject(actual))
    return Object.keys(expected).every((name) => alike(expected[name], actual[name]));
  return isDeepStrictEqual(expected, actual) || String(expected) === String(actual);
}

function told(value: unknown): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
