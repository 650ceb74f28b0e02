import { XmlCodec } from '@aws-sdk/core/protocols';
import { XmlNode } from '@aws-sdk/xml-builder';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { allHeaders, contentOf, type Exchange, type Reply } from './exchange.ts';
import type { Operation } from './model.ts';
import type { CommonErrors, Protocol } from './protocol.ts';
import { members } from './shape.ts';
import { validate } from './validate.ts';
import { document, elementOf, textElements } from './xml.ts';

const HTTP_DATE = 6; // timestamp formats of the static schemas
const DATE_TIME = 5;
const binding = { timestampFormat: { useTrait: true, default: HTTP_DATE }, httpBindings: true } as const;
const fromText = new FromStringShapeDeserializer(binding);
const toText = new ToStringShapeSerializer(binding);
const xml = new XmlCodec({
  timestampFormat: { useTrait: true, default: DATE_TIME },
  httpBindings: true,
  xmlNamespace: '',
  serviceNamespace: '',
});

const common: CommonErrors = {
  unsigned: ['AccessDenied', 403],
  unknownKey: ['InvalidAccessKeyId', 403],
  badSignature: ['SignatureDoesNotMatch', 403],
  expired: ['ExpiredToken', 400],
  skewed: ['RequestTimeTooSkewed', 403],
  denied: ['AccessDenied', 403],
  throttled: ['SlowDown', 503],
  server: ['InternalError', 500],
  unknownOperation: ['MethodNotAllowed', 405],
  malformed: ['MalformedXML', 400],
};

/** restXml as S3 speaks it. `labels` are the values that the path held. */
export function restProtocol(labels: Readonly<Record<string, string>>): Protocol {
  return {
    common,
    read: async (operation, exchange) => {
      const input = readBindings(operation, exchange, labels);
      return { input, problems: validate(operation.input, input, 'typed') };
    },
    reply: writeBindings,
    error: ({ code, status, message, members: further }, exchange, requestId) => {
      const error = textElements(XmlNode.of('Error'), { Code: code, Message: message, ...further });
      textElements(error, { RequestId: requestId, HostId: 'local-aws' });
      const body = exchange.method === 'HEAD' || status === 304 ? '' : document(error);
      return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId }, body };
    },
  };
}

function readBindings(
  operation: Operation,
  exchange: Exchange,
  labels: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const query = new URLSearchParams(exchange.query);
  const input: Record<string, unknown> = {};
  const body = contentOf(exchange);
  const headers = allHeaders(exchange);
  for (const [name, member] of members(operation.input)) {
    const traits = member.getMergedTraits();
    const header = traits.httpHeader && headers[traits.httpHeader.toLowerCase()];
    if (traits.httpLabel) input[name] = labels[name];
    else if (traits.httpQuery) {
      const given = query.get(traits.httpQuery);
      if (given !== null) input[name] = fromText.read(member, given);
    } else if (header) input[name] = fromText.read(member, header);
    else if (traits.httpPrefixHeaders !== undefined)
      input[name] = prefixed(headers, traits.httpPrefixHeaders);
    else if (traits.httpPayload && body.length > 0)
      input[name] = member.isBlobSchema() ? body : xml.createDeserializer().read(member, body);
  }
  return input;
}

function prefixed(headers: Exchange['headers'], prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value ?? '']));
}

function writeBindings(operation: Operation, output: object, requestId: string): Reply {
  const headers: Record<string, string> = { 'x-amz-request-id': requestId, 'x-amz-id-2': 'local-aws' };
  const content: Record<string, unknown> = {};
  let payload: readonly [NormalizedSchema, unknown] | undefined;
  for (const [name, member] of members(operation.output)) {
    const value: unknown = Reflect.get(output, name);
    const traits = member.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = text(member, value);
    else if (traits.httpPrefixHeaders !== undefined)
      for (const [key, item] of Object.entries(value))
        headers[`${traits.httpPrefixHeaders}${key}`] = String(item);
    else if (traits.httpPayload) payload = [member, value];
    else content[name] = value;
  }
  const status = operation.http?.[2] ?? 200;
  if (payload?.[1] instanceof Uint8Array) return { status, headers, body: payload[1] };
  if (typeof payload?.[1] === 'string')
    return { status, headers: { ...headers, 'content-type': 'application/json' }, body: payload[1] };
  const xmlRoot = payload
    ? elementOf(payload[0], { ...(payload[1] as object) }, rootName(payload[0])) // S3's payloads are bytes, a policy's text or structures
    : Object.keys(content).length > 0
      ? elementOf(operation.output, content, rootName(operation.output))
      : undefined;
  if (!xmlRoot) return { status, headers, body: '' };
  xmlRoot.addAttribute('xmlns', 'http://s3.amazonaws.com/doc/2006-03-01/');
  return { status, headers: { ...headers, 'content-type': 'application/xml' }, body: document(xmlRoot) };
}

function rootName(schema: NormalizedSchema): string {
  return schema.getMergedTraits().xmlName ?? schema.getName() ?? 'Result';
}

function text(member: NormalizedSchema, value: unknown): string {
  toText.write(member, value);
  return toText.flush();
}
