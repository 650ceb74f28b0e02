import { AwsError } from '../world/service.ts';
import type { Dialect } from './dialects.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Model, Operation } from './model.ts';
import type { Problem } from './validate.ts';

/** A request as its protocol reads it: the typed input and every way in which it does not fit the schema. */
export interface Reading {
  readonly input: Record<string, unknown>;
  readonly problems: readonly Problem[];
}

/** An error with its place on the wire settled. */
export interface WireError {
  /** The shape's name in both forms of JSON, the wire code elsewhere. */
  readonly code: string;
  /** The code that older clients know, of a service that changed from the query protocol to JSON (Smithy: `awsQueryCompatible`). */
  readonly queryCode: string | undefined;
  readonly status: number;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** One of AWS's protocols, from the server's side. Chosen for each request, not for each service. */
export interface Protocol {
  /** The names that this protocol's services use for what any of them can refuse. */
  readonly common: CommonErrors;
  read(operation: Operation, exchange: Exchange): Promise<Reading>;
  reply(operation: Operation, output: object, requestId: string, dialect: Dialect): Reply;
  error(error: WireError, exchange: Exchange, requestId: string, dialect: Dialect): Reply;
}

export type CommonErrors = Readonly<
  Record<
    | 'unsigned'
    | 'unknownKey'
    | 'badSignature'
    | 'expired'
    | 'skewed'
    | 'denied'
    | 'throttled'
    | 'server'
    | 'unknownOperation'
    | 'malformed',
    readonly [code: string, status: number]
  >
>;

/** What any service can refuse, in the words of the protocol in use. */
export function commonError(errors: CommonErrors, kind: keyof CommonErrors, message: string): AwsError {
  const [code, status] = errors[kind];
  return new AwsError(code, message, status);
}

/** `x-amzn-query-error`, by which clients of such a service know an error under its older code. */
export function queryErrorHeader({ queryCode, status }: WireError): Readonly<Record<string, string>> {
  if (queryCode === undefined) return {};
  return { 'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}` };
}

/** Gives an error the code and status that the service's model says it has on this protocol. */
export function wireError(
  error: AwsError,
  model: Model | undefined,
  protocol: Dialect['protocol'],
): WireError {
  const shape = model?.errors.get(error.code);
  return {
    code: shape && protocol !== 'json' && protocol !== 'rest-json' ? shape.wireCode : error.code,
    queryCode: shape && protocol === 'json' && shape.wireCode !== error.code ? shape.wireCode : undefined,
    status: shape?.status ?? error.status,
    message: error.message,
    members: error.members,
  };
}
