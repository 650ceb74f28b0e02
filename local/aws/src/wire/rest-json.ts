import { jsonProtocol } from './json.ts';
import type { Model, Operation } from './model.ts';
import type { Protocol } from './protocol.ts';
import { members } from './shape.ts';

const body = jsonProtocol('1.1');

/** restJson as far as every member of an input and an output is in the body. */
export const restJsonProtocol: Protocol = {
  common: {
    ...body.common,
    unsigned: ['MissingAuthenticationTokenException', 403],
    unknownKey: ['UnrecognizedClientException', 403],
    badSignature: ['InvalidSignatureException', 403],
    expired: ['ExpiredTokenException', 403],
    skewed: ['InvalidSignatureException', 403],
    denied: ['AccessDeniedException', 403],
    throttled: ['ThrottlingException', 429],
    server: ['InternalServerException', 500],
    unknownOperation: ['UnknownOperationException', 404],
  },
  read: body.read,
  reply: (operation, output, requestId, dialect) => {
    const reply = body.reply(operation, output, requestId, dialect);
    return { ...reply, headers: { ...reply.headers, 'content-type': 'application/json' } };
  },
  error: ({ code, status, message, members: further }, _exchange, requestId) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code },
    body: JSON.stringify({ message, ...further }),
  }),
};

/** The operation of a path without labels. One that has members elsewhere than in the body is none that we can read. */
export function matchRestJson(model: Model, method: string, path: string): Operation | undefined {
  return [...model.operations.values()].find(
    ({ http, input }) =>
      http?.[0] === method &&
      http[1] === path &&
      members(input).every(([, member]) => {
        const { httpHeader, httpQuery, httpLabel } = member.getMergedTraits();
        return !httpHeader && !httpQuery && !httpLabel;
      }),
  );
}
