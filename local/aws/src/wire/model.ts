import { NormalizedSchema } from '@smithy/core/schema';

export interface Operation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, URI template and success status, for the REST protocols. */
  readonly http: readonly [method: string, uri: string, status: number] | undefined;
}

export interface ErrorShape {
  readonly schema: NormalizedSchema;
  /** The code on the wire of query and XML protocols, which can differ from the shape's name. */
  readonly wireCode: string;
  /** `undefined` when the model leaves the status open. */
  readonly status: number | undefined;
}

/** What one SDK package says about its service: the operations and errors, with their shapes. */
export interface Model {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

const OPERATION = 9; // tuple tags of @smithy/core's static schemas
const ERROR = -3;

const loaded = new Map<string, Promise<Model>>();

/** Reads the schemas of `@aws-sdk/client-…`, once; the package is loaded on first use. */
export function modelOf(sdk: string): Promise<Model> {
  const known = loaded.get(sdk) ?? load(sdk);
  loaded.set(sdk, known);
  return known;
}

async function load(sdk: string): Promise<Model> {
  const imported: Record<string, unknown> = await import(sdk);
  const operations = new Map<string, Operation>();
  const errors = new Map<string, ErrorShape>();
  for (const [exported, schema] of Object.entries(imported)) {
    if (!exported.endsWith('$') || !Array.isArray(schema)) continue;
    const name: string = schema[2];
    if (schema[0] === OPERATION) operations.set(name, operation(name, schema));
    if (schema[0] === ERROR) errors.set(name, errorShape(name, schema));
  }
  if (operations.size === 0) throw new Error(`${sdk} exports no operation schemas`);
  return { operations, errors };
}

function operation(name: string, schema: readonly unknown[]): Operation {
  const traits = schema[3] as { http?: [string, string, number] } | number | undefined; // a bit mask when there is no http trait
  return {
    name,
    input: shape(schema[4]),
    output: shape(schema[5]),
    http: typeof traits === 'object' ? traits.http : undefined,
  };
}

function errorShape(name: string, schema: readonly unknown[]): ErrorShape {
  const error = shape(schema);
  const traits = error.getMergedTraits();
  const [wireCode, wireStatus] = (traits['awsQueryError'] ?? []) as [string?, number?]; // as the packages export it
  const status = wireStatus ?? (traits['httpError'] as number | undefined);
  return { schema: error, wireCode: wireCode ?? name, status };
}

function shape(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]); // the packages export exactly these tuples
}
