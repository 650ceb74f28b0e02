import type { Model, Operation } from './model.ts';
import { members, requiredMembers } from './shape.ts';

/** Where a REST request of S3 leads: the operation and the values in its path. */
export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly hasBucket: boolean;
  readonly hasKey: boolean;
  /** Query parameters that must be there, with their value where the template fixes one. */
  readonly query: ReadonlyMap<string, string | undefined>;
}

const tables = new WeakMap<Model, readonly Route[]>();

/**
 * Finds the operation of a path-style S3 request: the most specific template that fits, one that is implemented first.
 * The SDK's templates leave `{Bucket}` out and name `x-id`, which only the SDK sends.
 */
export function matchRest(
  model: Model,
  implemented: ReadonlySet<string>,
  method: string,
  path: string,
  query: URLSearchParams,
  copies: boolean,
): RestMatch | undefined {
  const [, bucket = '', ...rest] = path.split('/');
  const key = rest.join('/');
  const fits = routesOf(model).filter(
    (route) =>
      route.method === method &&
      route.hasBucket === (bucket !== '') &&
      route.hasKey === (key !== '') &&
      /^(Copy|UploadPartCopy)/.test(route.operation.name) === copies &&
      [...route.query].every(([name, value]) =>
        value === undefined ? query.has(name) : query.get(name) === value,
      ),
  );
  const most = Math.max(0, ...fits.map((route) => route.query.size));
  const best = fits.filter((route) => route.query.size === most);
  const found = best.find((route) => implemented.has(route.operation.name)) ?? best[0];
  if (!found) return undefined;
  return { operation: found.operation, labels: { Bucket: decode(bucket), Key: decode(key) } };
}

function routesOf(model: Model): readonly Route[] {
  const known = tables.get(model) ?? [...model.operations.values()].flatMap(routeOf);
  tables.set(model, known);
  return known;
}

function routeOf(operation: Operation): readonly Route[] {
  if (!operation.http) return [];
  const [method, uri] = operation.http;
  const [path = '/', literal = ''] = uri.split('?');
  const query = new Map<string, string | undefined>();
  for (const [name, value] of new URLSearchParams(literal))
    if (name !== 'x-id') query.set(name, value === '' ? undefined : value);
  const required = requiredMembers(operation.input);
  let hasBucket = false;
  for (const [name, member] of members(operation.input)) {
    const traits = member.getMergedTraits();
    if (name === 'Bucket' && traits.httpLabel) hasBucket = true;
    if (traits.httpQuery && required.includes(name)) query.set(traits.httpQuery, undefined);
  }
  return [{ operation, method, hasBucket, hasKey: path.includes('{Key+}'), query }];
}

/** A path that is not well percent-encoded names itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
