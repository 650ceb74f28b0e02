import { XmlNode } from '@aws-sdk/xml-builder';
import { contentOf } from './exchange.ts';
import type { CommonErrors, Protocol } from './protocol.ts';
import { readForm } from './query-input.ts';
import { validate } from './validate.ts';
import { document, elementOf, textElements } from './xml.ts';

const common: CommonErrors = {
  unsigned: ['MissingAuthenticationToken', 403],
  unknownKey: ['InvalidClientTokenId', 403],
  badSignature: ['SignatureDoesNotMatch', 403],
  expired: ['ExpiredToken', 403],
  skewed: ['SignatureDoesNotMatch', 403],
  denied: ['AccessDenied', 403],
  throttled: ['Throttling', 400],
  server: ['InternalFailure', 500],
  unknownOperation: ['InvalidAction', 400],
  malformed: ['MalformedInput', 400],
};

/** awsQuery: STS, IAM, Elastic Load Balancing. */
export const queryProtocol: Protocol = {
  common,
  read: async (operation, exchange) => {
    const { input, problems } = readForm(
      operation.input,
      new URLSearchParams(contentOf(exchange).toString()),
      false,
    );
    return { input, problems: [...problems, ...validate(operation.input, input, 'typed')] };
  },
  reply: (operation, output, requestId, dialect) => {
    const root = XmlNode.of(`${operation.name}Response`);
    root.addAttribute('xmlns', dialect.namespace);
    if (operation.output.isStructSchema())
      root.addChildNode(elementOf(operation.output, output, `${operation.name}Result`));
    root.addChildNode(textElements(XmlNode.of('ResponseMetadata'), { RequestId: requestId }));
    return { status: 200, headers: headers(requestId), body: document(root) };
  },
  error: ({ code, status, message, members }, _exchange, requestId, dialect) => {
    const root = XmlNode.of('ErrorResponse');
    root.addAttribute('xmlns', dialect.namespace);
    const type = status < 500 ? 'Sender' : 'Receiver';
    root.addChildNode(
      textElements(XmlNode.of('Error'), { Type: type, Code: code, Message: message, ...members }),
    );
    textElements(root, { RequestId: requestId });
    return { status, headers: headers(requestId), body: document(root) };
  },
};

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
