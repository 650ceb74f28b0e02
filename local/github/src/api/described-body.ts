import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Call } from './call.ts';
import { unprocessable } from './errors.ts';
import { NOT_ACTED_ON } from './not-acted-on.ts';

const LONGEST_VALUE = 100;

type Judge = (operation: string) => ValidateFunction | undefined;

let judge: Promise<Judge> | undefined;

/**
 * Refuses a body that GitHub's own description refuses, before a handler sees it. The description and its validator
 * are read with the first body that comes, because most servers here answer few of them.
 */
export async function describedBody(operation: string, { body }: Pick<Call, 'body'>): Promise<void> {
  const lost = NOT_ACTED_ON[operation]?.filter((name) => says(body[name])) ?? [];
  if (lost.length > 0) throw unprocessable(`The local GitHub does not act on ${lost.join(', ')} here.`);
  judge ??= readDescription();
  const validate = (await judge)(operation);
  if (!validate || validate(body)) return;
  const [first] = (validate.errors ?? []).map((error) => sentenceOf(error, body));
  throw unprocessable(`Invalid request.\n\n${first}`);
}

/** Nothing is lost with a member that says what is so without it. */
function says(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

async function readDescription(): Promise<Judge> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const text = readFileSync(new URL('github-api.json', import.meta.url), 'utf8');
  const { operations, schemas } = JSON.parse(text.replaceAll('"#/schemas/', '"github#/schemas/'));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'github', schemas });
  const known = new Map<string, ValidateFunction>();
  return (operation) => {
    const schema = operations[operation]?.body;
    if (schema === undefined) return undefined;
    const validate = known.get(operation) ?? ajv.compile(schema);
    known.set(operation, validate);
    return validate;
  };
}

/** As GitHub's validator puts it. */
function sentenceOf({ keyword, params, instancePath, message }: ErrorObject, body: unknown): string {
  if (keyword === 'required') return `"${params['missingProperty']}" wasn't supplied.`;
  const names = instancePath.split('/').slice(1);
  const value = JSON.stringify(names.reduce<unknown>((at, name) => Object(at)[name], body)).slice(
    0,
    LONGEST_VALUE,
  );
  const where = `For 'properties${names.map((name) => `/${name}`).join('')}',`;
  if (keyword === 'type') return `${where} ${value} is not ${withArticle(String(params['type']))}.`;
  if (keyword === 'enum')
    return `${where} ${value} is not a member of ${JSON.stringify(params['allowedValues'])}.`;
  return `${where} ${value} ${message}.`;
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
