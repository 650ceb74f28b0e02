import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly body?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

/** Answers whose description cannot be met, with what they are held to instead. */
const MISTAKEN: Readonly<Record<string, unknown>> = {
  // It wants each account to be a user and an enterprise at once. Elsewhere an installation's account is one of them.
  'GET /app/installations 200': { type: 'array', items: { $ref: 'github#/schemas/installation' } },
};

const text = readFileSync(new URL('../src/api/github-api.json', import.meta.url), 'utf8');
const description: Description = JSON.parse(text.replaceAll('"#/schemas/', '"github#/schemas/'));
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'github', schemas: description.schemas });
const compiled = new Map<unknown, ValidateFunction>();

export interface Described {
  readonly operation: string;
  readonly responses: readonly string[];
}

/** Every operation that GitHub's description and local-github share. */
export const operations = Object.keys(description.operations);

interface JsonObject {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** What GitHub describes of the members of an operation's body. */
export function bodiesOf(operation: string) {
  const body = Object(description.operations[operation]?.body);
  const forms: readonly JsonObject[] = [body, ...(body.anyOf ?? [])].filter(({ properties }) => properties);
  const members: NonNullable<JsonObject['properties']> = Object.assign(
    {},
    ...forms.map(({ properties }) => properties),
  );
  return { required: forms.length === 1 ? (forms[0]?.required ?? []) : [], members };
}

/** The statuses that GitHub describes for an operation. */
export function statusesOf(operation: string): readonly number[] {
  return Object.keys(description.operations[operation]?.responses ?? {}).map(Number);
}

/** Throws when a reply isn't what GitHub publishes for this operation and status. */
export function assertDescribed(method: string, path: string, status: number, body: unknown): void {
  const name = operations.find((each) => shape(each).test(`${method} ${path}`));
  if (name === undefined) {
    if (status === 404) return;
    throw new Error(`GitHub describes no ${method} ${path}.`);
  }
  const responses = description.operations[name]?.responses ?? {};
  const schema =
    MISTAKEN[`${name} ${status}`] ??
    responses[status] ??
    (status >= 400 ? { $ref: 'github#/schemas/basic-error' } : undefined);
  if (schema === undefined) throw new Error(`GitHub never answers ${name} with ${status}.`);
  const validate = compiled.get(schema) ?? ajv.compile(typeof schema === 'object' ? { ...schema } : {});
  compiled.set(schema, validate);
  if (validate(body)) return;
  const faults = validate.errors?.map(({ instancePath, message }) => `  ${instancePath || '/'} ${message}`);
  throw new Error(`${name} → ${status} is not as GitHub describes it:\n${faults?.join('\n')}`);
}

function shape(operation: string): RegExp {
  const source = operation
    .replaceAll('.', '\\.')
    .replaceAll(/\{\w+(\\\.){3}\}/g, '.*')
    .replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`);
}
