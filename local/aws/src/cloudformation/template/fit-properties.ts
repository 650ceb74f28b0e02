import type { PropertyType, Resource } from '@aws-cdk/service-spec-types';
import type { Properties } from '../resource-type.ts';
import { definitionOf, specOf } from '../spec.ts';
import { LATER } from './intrinsics.ts';

type Members = Resource['properties'];

/** Properties as their type takes them: `"80"` where a number is wanted is 80. Or all that AWS's schema says against them. */
export function fitProperties(
  type: string,
  given: Properties,
): { readonly properties: Properties; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const properties = fitMembers('#', given, specOf(type)?.properties ?? {}, mistakes);
  return { properties, mistakes };
}

function fitMembers(at: string, given: Properties, known: Members, mistakes: string[]): Properties {
  for (const [name, { required }] of Object.entries(known))
    if (required === true && given[name] === undefined)
      mistakes.push(`${at}: required key [${name}] not found`);
  const fitted = Object.entries(given).map(([name, value]) => {
    const property = known[name];
    if (!property) mistakes.push(`${at}: extraneous key [${name}] is not permitted`);
    return [name, property ? fit(`${at}/${name}`, value, property.type, mistakes) : value] as const;
  });
  return Object.fromEntries(fitted);
}

function fit(at: string, value: unknown, type: PropertyType, mistakes: string[]): unknown {
  if (value === LATER) return value;
  switch (type.type) {
    case 'string':
      return isPlain(value) ? String(value) : wrong(at, 'String', value, mistakes);
    case 'number':
    case 'integer':
      return isNumber(value)
        ? Number(value)
        : wrong(at, type.type === 'number' ? 'Number' : 'Integer', value, mistakes);
    case 'boolean':
      return /^(true|false)$/.test(String(value))
        ? String(value) === 'true'
        : wrong(at, 'Boolean', value, mistakes);
    case 'json':
      return typeof value === 'object' ? value : wrong(at, 'JSONObject', value, mistakes);
    case 'array':
      if (!Array.isArray(value)) return wrong(at, 'JSONArray', value, mistakes);
      return value.map((each, i) => fit(`${at}/${i}`, each, type.element, mistakes));
    case 'map':
      if (!isObject(value)) return wrong(at, 'JSONObject', value, mistakes);
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, fit(`${at}/${key}`, each, type.element, mistakes)]),
      );
    case 'ref':
      if (!isObject(value)) return wrong(at, 'JSONObject', value, mistakes);
      return fitMembers(at, value, definitionOf(type).properties, mistakes);
    case 'union':
      return fitOne(at, value, type.types, mistakes);
    default:
      return value;
  }
}

/** The first of several types that has nothing against the value; else what the first one says. */
function fitOne(at: string, value: unknown, types: readonly PropertyType[], mistakes: string[]): unknown {
  const tries = types.map((type) => {
    const own: string[] = [];
    return { value: fit(at, value, type, own), own };
  });
  const found = tries.find(({ own }) => own.length === 0) ?? tries[0];
  mistakes.push(...(found?.own ?? []));
  return found?.value ?? value;
}

function wrong(at: string, expected: string, value: unknown, mistakes: string[]): unknown {
  mistakes.push(`${at}: expected type: ${expected}, found: ${kindOf(value)}`);
  return value;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  return typeof value === 'string' ? 'String' : typeof value === 'number' ? 'Number' : 'Boolean';
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const isNumber = (value: unknown) => isPlain(value) && /^-?\d+(\.\d+)?$/.test(String(value));

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
