import type { NormalizedSchema } from '@smithy/core/schema';
import type { Exchange } from './exchange.ts';
import { bodyOf, jsonProtocol, readJson } from './json.ts';
import type { Model, Operation } from './model.ts';
import type { Protocol } from './protocol.ts';
import { members } from './shape.ts';

const body = jsonProtocol('1.1');

/** Where a REST request leads: the operation, and the values that its path holds. */
export interface RestJsonMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

/** restJson as far as members of an input are in the body, the path or the query, and those of an output in the body. */
export function restJsonProtocol(labels: Readonly<Record<string, string>>): Protocol {
  return {
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
    read: async (operation, exchange) =>
      readJson(operation, {
        ...Object(bodyOf(exchange)),
        ...labels,
        ...queryMembers(operation, exchange),
      }),
    reply: (operation, output, requestId, dialect) => {
      const reply = body.reply(operation, output, requestId, dialect);
      return { ...reply, headers: { ...reply.headers, 'content-type': 'application/json' } };
    },
    error: ({ code, status, message, members: further }, _exchange, requestId) => ({
      status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': code,
      },
      body: JSON.stringify({ message, ...further }),
    }),
  };
}

function queryMembers(operation: Operation, { query }: Exchange): Readonly<Record<string, unknown>> {
  const asked = new URLSearchParams(query);
  return Object.fromEntries(
    members(operation.input).flatMap(([name, member]) => {
      const given = asked.get(member.getMergedTraits().httpQuery ?? '');
      return given === null ? [] : [[name, scalar(member, given)]];
    }),
  );
}

function scalar(member: NormalizedSchema, given: string): unknown {
  if (member.isNumericSchema()) return Number(given);
  if (member.isTimestampSchema()) return Date.parse(given) / 1_000; // as a body has it
  return member.isBooleanSchema() ? given === 'true' : given;
}

/** The operation of a path. One that has members in headers is none that we can read. */
export function matchRestJson(model: Model, method: string, path: string): RestJsonMatch | undefined {
  for (const operation of model.operations.values()) {
    const inHeaders = members(operation.input).some(([, member]) => member.getMergedTraits().httpHeader);
    const labels = operation.http?.[0] === method ? labelsOf(operation.http[1], path) : undefined;
    if (labels && !inHeaders) return { operation, labels };
  }
  return undefined;
}

/** The values of a template's labels; `undefined` when the path is another one. A slash at the end says nothing. */
function labelsOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [parts, given] = [template, path].map((one) => one.replace(/\?.*$|\/$/g, '').split('/'));
  if (parts?.length !== given?.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [i, part] of (parts ?? []).entries()) {
    const [, label] = /^\{(\w+)\}$/.exec(part) ?? [];
    const value = decodeURIComponent(given?.[i] ?? '');
    if (label !== undefined && value !== '') labels[label] = value;
    else if (part !== value) return undefined;
  }
  return labels;
}
