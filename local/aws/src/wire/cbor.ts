import { CborCodec } from '@smithy/core/cbor';
import { contentOf } from './exchange.ts';
import { jsonProtocol } from './json.ts';
import { type Protocol, queryErrorHeader } from './protocol.ts';
import { validate } from './validate.ts';

const codec = new CborCodec();
const answered = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/** rpcv2Cbor: what newer SDK releases may choose for a service that also speaks awsJson. */
export const cborProtocol: Protocol = {
  common: jsonProtocol('1.1').common,
  read: async (operation, exchange) => {
    const body = contentOf(exchange);
    const input: unknown =
      operation.input.isUnitSchema() || body.length === 0
        ? {}
        : await codec.createDeserializer().read(operation.input, body);
    return { input: { ...(input as object) }, problems: validate(operation.input, input, 'typed') }; // a structure, or the codec threw
  },
  reply: (operation, output, requestId) => ({
    status: 200,
    headers: { ...answered, 'x-amzn-requestid': requestId },
    body: encode(operation.output, operation.output.isUnitSchema() ? {} : output),
  }),
  error: (error, _exchange, requestId) => ({
    status: error.status,
    headers: { ...answered, 'x-amzn-requestid': requestId, ...queryErrorHeader(error) },
    body: encode(DOCUMENT, { __type: error.code, message: error.message, ...error.members }),
  }),
};

const DOCUMENT = 15; // schema of untyped data

function encode(
  schema: Parameters<ReturnType<typeof codec.createSerializer>['write']>[0],
  value: object,
): Uint8Array {
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  return serializer.flush();
}
