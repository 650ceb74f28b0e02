/**
 * Writes `src/constraints/models/SERVICE.json`: what AWS's models say of the inputs of the operations that answer here, as botocore has them.
 *
 *   npm run models               with the botocore of python3
 *   node local/aws/tools/write-constraints.ts --check    only names what is stale; compares values where botocore is of the version that the files are from
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Constraints, expressionOf, type Shape } from '../src/constraints/constraint.ts';
import { services } from '../src/services/index.ts';
import type { Service } from '../src/world/service.ts';
import { type Botocore, botocoreOf, type ModelShape, type ServiceModel } from './botocore.ts';
import { EXCEPTIONS, type Exception } from './constraint-exceptions.ts';

function sourceOf(version: string): string {
  return `botocore ${version}, data/*/service-2.json (Apache-2.0), and newer values of enums from the SDK`;
}

/** The constraints of one service, from its model. */
async function extract(
  { name: service, sdk, operations }: Service,
  model: ServiceModel,
  from: string,
): Promise<Constraints> {
  const exported: Record<string, unknown> = await import(sdk);
  const shapes = new Map<string, Shape>();
  const exceptions = new Map(
    EXCEPTIONS.filter((one) => one.service === service).map((one) => [one.shape, one]),
  );
  const inputs = Object.keys(operations).map((name) => [name, model.operations[name]?.input?.shape] as const);
  const visited = new Map<string, boolean>();
  const visit = (name: string): boolean => {
    const known = visited.get(name);
    if (known !== undefined) return known;
    visited.set(name, true); // a shape within itself: kept, and so is what leads to it
    const shape = shapeOf(name, lenient(model.shapes[name], exceptions.get(name)), visit, exported);
    visited.set(name, shape !== undefined);
    if (shape) shapes.set(name, shape);
    return shape !== undefined;
  };
  const constrained = inputs.map(([operation, input]) => [operation, input && visit(input) ? input : '']);
  return {
    from,
    operations: Object.fromEntries(constrained),
    shapes: Object.fromEntries([...shapes].sort()),
  };
}

/** A shape without what its service does not hold callers to. An exception for what the model does not say is a mistake. */
function lenient(shape: ModelShape | undefined, exception: Exception | undefined): ModelShape | undefined {
  if (!shape || !exception) return shape;
  const idle = exception.drops.filter((constraint) => shape[constraint] === undefined);
  if (idle.length > 0) throw new Error(`${exception.shape} has no ${idle.join(', ')}`);
  return Object.fromEntries(
    Object.entries(shape).filter(([name]) => !exception.drops.some((dropped) => dropped === name)),
  ) as unknown as ModelShape; // the members that an exception can drop are all optional
}

/** A shape as it is kept; undefined if neither it nor what is in it can refuse anything. */
function shapeOf(
  name: string,
  shape: ModelShape | undefined,
  constrains: (name: string) => boolean,
  exported: Readonly<Record<string, unknown>>,
): Shape | undefined {
  if (!shape) throw new Error(`the model has no shape ${name}`);
  const type = kindOf(shape.type);
  const { max, pattern } = shape;
  const min = shape.min === 0 && type !== 'number' && type !== 'integer' ? undefined : shape.min; // no length is less
  if (pattern !== undefined) expressionOf(pattern); // refused here if JavaScript can't read it
  const values = shape.enum && [...new Set([...shape.enum, ...newerValues(exported[name])])];
  const own = {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(values ? { enum: values } : {}),
    ...(shape.sensitive ? { sensitive: true as const } : {}),
  };
  const { item, key, members } = inside(shape, constrains);
  const inner = { ...(key ? { key } : {}), ...(item ? { item } : {}), ...(members ? { members } : {}) };
  const says =
    type === 'integer' || [min, max, pattern, values, item, key, members].some((part) => part !== undefined);
  return says ? { type, ...own, ...inner } : undefined;
}

function inside(shape: ModelShape, says: (name: string) => boolean): Partial<Shape> {
  const item = shape.member?.shape ?? shape.value?.shape;
  const members = Object.entries(shape.members ?? {})
    .map(([name, { shape: inner }]) => [name, inner] as const)
    .filter(([, inner]) => says(inner));
  return {
    ...(item && says(item) ? { item } : {}),
    ...(shape.key && says(shape.key.shape) ? { key: shape.key.shape } : {}),
    ...(members.length > 0 ? { members: Object.fromEntries(members) } : {}),
  };
}

/** The SDK exports an enum under its shape's name, and can be newer than botocore. */
function newerValues(exported: unknown): readonly string[] {
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) return [];
  return Object.values(exported).filter((value): value is string => typeof value === 'string');
}

function kindOf(type: string): Shape['type'] {
  if (type === 'structure' || type === 'list' || type === 'map') return type;
  if (type === 'integer' || type === 'long') return 'integer';
  return type === 'float' || type === 'double' ? 'number' : 'text';
}

function fileOf(service: string): URL {
  return new URL(`../src/constraints/models/${service}.json`, import.meta.url);
}

/** Writes a service's file, or only says what is wrong with it. */
async function refresh(service: Service, botocore: Botocore | undefined, check: boolean): Promise<string[]> {
  const file = fileOf(service.name);
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Constraints) : undefined; // as it is written below
  if (check && (!botocore || (stored && stored.from !== sourceOf(botocore.version))))
    return stored ? [] : [`${service.name} has no models/${service.name}.json; run npm run models`];
  if (!botocore) throw new Error('python3 has no botocore');
  const fresh = await extract(service, botocore.model(service.name), sourceOf(botocore.version));
  if (isDeepStrictEqual(fresh, stored)) return [];
  if (!check) writeFileSync(file, `${JSON.stringify(fresh, null, 2)}\n`);
  return check ? [`models/${service.name}.json is stale; run npm run models`] : [];
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const botocore = botocoreOf('python3');
  const stale = (await Promise.all(services.map((service) => refresh(service, botocore, check)))).flat();
  for (const line of stale) console.error(line);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
