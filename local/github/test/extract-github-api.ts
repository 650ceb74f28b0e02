/**
 * Writes `github-api.json`: what GitHub publishes of the operations that local-github serves, as JSON schemas.
 *
 *   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
 *   node test/extract-github-api.ts package/generated/api.github.com.json && biome format --write test
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathOf } from '../src/api/match.ts';
import { table } from '../src/api/table.ts';

type Json = Readonly<Record<string, unknown>>;

const KEEP = [
  'required',
  'enum',
  'const',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
];

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Give the path of api.github.com.json.');
const description = record(JSON.parse(readFileSync(source, 'utf8')));
const paths = record(description['paths']);
const components = record(description['components']);
const wanted = new Set<string>();
const schemas: Record<string, unknown> = {};

const operations = Object.fromEntries(
  table.routes.map((route) => {
    const name = `${route.method} ${pathOf(route)}`;
    const path = Object.keys(paths).find((each) => shapeOf(each) === shapeOf(pathOf(route)));
    const operation = path && record(paths[path])[route.method.toLowerCase()];
    if (!operation) throw new Error(`GitHub describes no ${name}.`);
    return [name, operationOf(record(operation))];
  }),
);

for (const name of wanted) schemas[name] = schemaOf(record(components['schemas'])[name]); // the set grows while it is read

const document = {
  from: '@octokit/openapi 23.0.2, generated/api.github.com.json (MIT)',
  operations,
  schemas,
};
writeFileSync(
  new URL('../src/api/github-api.json', import.meta.url),
  `${JSON.stringify(document, null, 2)}\n`,
);

function operationOf(operation: Json): Json {
  const body = contentOf(operation['requestBody']);
  const responses = Object.entries(record(operation['responses'])).map(([status, response]) => [
    status,
    contentOf(response) ?? {},
  ]);
  return { ...(body ? { body } : {}), responses: Object.fromEntries(responses) };
}

function contentOf(holder: unknown): unknown {
  if (holder === undefined) return undefined;
  const { $ref } = record(holder);
  const found = typeof $ref === 'string' ? record(components['responses'])[lastOf($ref)] : holder;
  const content = record(record(found)['content'] ?? {});
  const json = content['application/json'] ?? content['application/json+scim'];
  return json === undefined ? undefined : schemaOf(record(json)['schema']);
}

/** OpenAPI 3.0's schema as JSON schema, without its prose. */
function schemaOf(schema: unknown): unknown {
  if (typeof schema === 'boolean') return schema;
  const given = record(schema);
  if (typeof given['$ref'] === 'string') {
    const name = lastOf(given['$ref']);
    wanted.add(name);
    return { $ref: `#/schemas/${name}` };
  }
  const kept: Record<string, unknown> = {};
  for (const key of KEEP) if (given[key] !== undefined) kept[key] = given[key];
  if (given['type'] !== undefined) kept['type'] = given['type'];
  for (const key of ['items', 'additionalProperties', 'not']) {
    if (given[key] !== undefined) kept[key] = schemaOf(given[key]);
  }
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const members = given[key];
    if (Array.isArray(members)) kept[key] = members.map(schemaOf);
  }
  if (given['properties'] !== undefined) {
    const entries = Object.entries(record(given['properties']));
    kept['properties'] = Object.fromEntries(entries.map(([name, value]) => [name, schemaOf(value)]));
  }
  return given['nullable'] === true ? { anyOf: [kept, { type: 'null' }] } : kept;
}

/** Paths that differ only in the names of their parameters are the same. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{[^}]+\}/g, '{}');
}

function lastOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

function record(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error(`Not an object: ${JSON.stringify(value)}`);
  return { ...value };
}
