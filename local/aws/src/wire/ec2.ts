import { XmlNode } from '@aws-sdk/xml-builder';
import { contentOf } from './exchange.ts';
import type { CommonErrors, Protocol } from './protocol.ts';
import { readForm } from './query-input.ts';
import { validate } from './validate.ts';
import { document, elementOf, textElements } from './xml.ts';

const common: CommonErrors = {
  unsigned: ['MissingParameter', 400],
  unknownKey: ['AuthFailure', 401],
  badSignature: ['AuthFailure', 401],
  expired: ['RequestExpired', 400],
  skewed: ['RequestExpired', 400],
  denied: ['UnauthorizedOperation', 403],
  throttled: ['RequestLimitExceeded', 503],
  server: ['InternalError', 500],
  unknownOperation: ['InvalidAction', 400],
  malformed: ['MalformedQueryString', 400],
};

/** ec2Query: flat lists, no `…Result` element, errors in a list. */
export const ec2Protocol: Protocol = {
  common,
  read: async (operation, exchange) => {
    const { input, problems } = readForm(
      operation.input,
      new URLSearchParams(contentOf(exchange).toString()),
      true,
    );
    return { input, problems: [...problems, ...validate(operation.input, input, 'typed')] };
  },
  reply: (operation, output, requestId, dialect) => {
    const root = elementOf(operation.output, output, `${operation.name}Response`);
    root.addAttribute('xmlns', dialect.namespace);
    root.children.unshift(XmlNode.of('requestId', requestId));
    return { status: 200, headers: headers(requestId), body: document(root) };
  },
  error: ({ code, status, message }, _exchange, requestId) => {
    const error = textElements(XmlNode.of('Error'), { Code: code, Message: message });
    const root = XmlNode.of('Response').addChildNode(XmlNode.of('Errors').addChildNode(error));
    return {
      status,
      headers: headers(requestId),
      body: document(textElements(root, { RequestID: requestId })),
    };
  },
};

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
}
