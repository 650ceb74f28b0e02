import type {
  BuildMiddleware,
  DeserializeHandlerOutput,
  DeserializeMiddleware,
  Pluggable,
} from '@smithy/types';
import type { Json } from '@tenant-delivery/domain';
import { required } from '../errors/translate.ts';

type JsonObject = { readonly [member: string]: Json };

const sentWhole = new WeakSet<object>();
const bytesOf = new WeakMap<object, Uint8Array>();

/**
 * The input of a command that is sent as this JSON says it, with members that this release of the SDK does not know.
 * Members that it knows are checked by nobody but ECS.
 */
export function whole<Input extends object>(document: JsonObject): Input {
  sentWhole.add(document);
  return document as Input; // for its known members; the others are why it is sent whole
}

/** The JSON that an answer of ECS was read from. */
export function documentOf(answer: object): JsonObject {
  const text = Buffer.from(required(bytesOf.get(answer), 'a body')).toString();
  const document: unknown = JSON.parse(required(text || undefined, 'a body'));
  return document as JsonObject; // the SDK has read an object of it
}

/**
 * The client drops members that its release does not know, in both directions and without a word. A task definition must
 * come through whole, or a deploy would take away from a service what AWS added after this release; the same goes for what
 * a service says of its network, and for what a customer asks of UpdateService. So this middleware keeps the bytes of an
 * answer before the client reads them, and replaces the body that the client has written, before it is measured and
 * signed. ECS speaks awsJson 1.1: an input is the body, as it is.
 */
export const unknownMembers: Pluggable<object, object> = {
  applyToStack(stack) {
    stack.add(sendWhole, { name: 'sendWhole', step: 'build', priority: 'high', override: true });
    const at = { toMiddleware: 'deserializerMiddleware', override: true } as const;
    stack.addRelativeTo(holdBytes, { name: 'holdBytes', relation: 'after', ...at });
    stack.addRelativeTo(keepBytes, { name: 'keepBytes', relation: 'before', ...at });
  },
};

const sendWhole: BuildMiddleware<object, object> = (next) => (args) => {
  if (sentWhole.has(args.input)) bodyOf(args.request).body = JSON.stringify(args.input);
  return next(args);
};

/** Below the deserializer, which takes bytes as it takes a stream. */
const holdBytes: DeserializeMiddleware<object, object> = (next) => async (args) => {
  const result = await next(args);
  const message = bodyOf(result.response);
  message.body = await bytesIn(message.body);
  return result;
};

/** Above it, where the answer is known. */
const keepBytes: DeserializeMiddleware<object, object> = (next) => async (args) => {
  const result: DeserializeHandlerOutput<object> = await next(args);
  const { body } = bodyOf(result.response);
  if (body instanceof Uint8Array && result.output !== undefined) bytesOf.set(result.output, body);
  return result;
};

/** The SDK types messages as unknown, because each protocol may have its own; this one is HTTP. */
function bodyOf(message: unknown): { body: unknown } {
  return message as { body: unknown };
}

async function bytesIn(body: unknown): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk); // a stream of Node's
  return Buffer.concat(chunks);
}

/** The JSON of the first entry of a list in a document. */
export function firstOf(document: JsonObject, list: string): JsonObject {
  const entries = document[list];
  return required(objectOf(Array.isArray(entries) ? entries[0] : undefined), `${list}[0]`);
}

/** The JSON of one member of a document. */
export function memberOf(document: JsonObject, member: string): JsonObject {
  return required(objectOf(document[member]), member);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as JsonObject; // neither a list nor null
}
