import { JsonCodec2 } from '@smithy/core/protocols';
import { contentOf, type Exchange } from './exchange.ts';
import type { Operation } from './model.ts';
import { type CommonErrors, type Protocol, queryErrorHeader, type Reading } from './protocol.ts';
import { validate } from './validate.ts';

const EPOCH_SECONDS = 7; // timestamp format of the static schemas
const codec = new JsonCodec2({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: false,
});

const common: CommonErrors = {
  unsigned: ['MissingAuthenticationTokenException', 400],
  unknownKey: ['UnrecognizedClientException', 400],
  badSignature: ['InvalidSignatureException', 400],
  expired: ['ExpiredTokenException', 400],
  skewed: ['InvalidSignatureException', 400],
  denied: ['AccessDeniedException', 400],
  throttled: ['ThrottlingException', 400],
  server: ['InternalFailure', 500],
  unknownOperation: ['UnknownOperationException', 400],
  malformed: ['SerializationException', 400],
};

/** awsJson 1.0 and 1.1: they differ in the content type alone. */
export function jsonProtocol(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    common,
    read: async (operation, exchange) => readJson(operation, bodyOf(exchange)),
    reply: (operation, output, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: encode(operation, output),
    }),
    error: (error, _exchange, requestId) => ({
      status: error.status,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...queryErrorHeader(error) },
      body: JSON.stringify({ __type: error.code, message: error.message, ...error.members }), // assumes aws-error-names
    }),
  };
}

/** What a body says, before it is known to fit. */
export function bodyOf(exchange: Exchange): unknown {
  return JSON.parse(contentOf(exchange).toString('utf8') || '{}');
}

/** The members of an input, checked and in the SDK's own types. */
export async function readJson(operation: Operation, raw: unknown): Promise<Reading> {
  const problems = validate(operation.input, raw, 'json');
  const readable = problems.every(({ kind }) => kind === 'missing');
  const input: unknown = readable ? await decode(operation, raw) : {};
  return { input: { ...(input as object) }, problems }; // checked above: a structure
}

async function decode(operation: Operation, raw: unknown): Promise<unknown> {
  if (operation.input.isUnitSchema()) return {};
  return codec.createDeserializer().read(operation.input, JSON.stringify(raw));
}

function encode(operation: Operation, output: object): Uint8Array | string {
  if (operation.output.isUnitSchema()) return '{}';
  const serializer = codec.createSerializer();
  serializer.write(operation.output, output);
  return serializer.flush();
}
