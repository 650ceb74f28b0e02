import type { Json } from '@tenant-delivery/domain';
import { required } from './translate.ts';

/**
 * The SDK drops members that its release does not know, in both directions, without a word. A task definition must
 * come through whole, so its JSON is taken from the answer before the SDK reads it, and put into the request after
 * the SDK has written it (before it is measured and signed). ECS speaks awsJson1_1.
 */
interface MiddlewareStack {
  addRelativeTo(
    middleware: unknown,
    options: { relation: 'after'; toMiddleware: string; name: string },
  ): void;
  add(middleware: unknown, options: { step: 'build'; priority: 'high'; name: string }): void;
}

interface RawMessage {
  body: unknown;
}

/** Reads the answer's own JSON, and hands the SDK the same bytes again. Call before sending; read after. */
export function keepRawAnswer(stack: unknown): () => { readonly [member: string]: Json } {
  let kept: { readonly [member: string]: Json } | undefined;
  const middleware =
    (next: (args: unknown) => Promise<{ response: RawMessage }>) => async (args: unknown) => {
      const result = await next(args);
      const bytes = await bytesOf(result.response.body);
      result.response.body = bytes;
      const text = Buffer.from(bytes).toString();
      const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
      if (typeof parsed === 'object' && parsed !== null) kept = parsed as { readonly [member: string]: Json }; // JSON text
      return result;
    };
  (stack as MiddlewareStack).addRelativeTo(middleware, {
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
    name: 'keepRawAnswer',
  });
  return () => required(kept, 'a JSON body');
}

/** The JSON of the first entry of a list in the answer. */
export function firstOf(
  answer: { readonly [member: string]: Json },
  list: string,
): { readonly [member: string]: Json } {
  const entries = answer[list];
  const [first] = Array.isArray(entries) ? entries : [];
  const found = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : undefined;
  return required(found, `${list}[0]`);
}

/** The JSON of one member of the answer. */
export function memberOf(
  answer: { readonly [member: string]: Json },
  member: string,
): { readonly [member: string]: Json } {
  const value = answer[member];
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  return required(found as { readonly [member: string]: Json } | undefined, member); // no array, so an object
}

/** Sends this JSON instead of what the SDK made of it. */
export function sendRawRequest(stack: unknown, body: { readonly [member: string]: unknown }): void {
  const middleware =
    (next: (args: { request: RawMessage }) => Promise<unknown>) => async (args: { request: RawMessage }) => {
      args.request.body = JSON.stringify(body);
      return next(args);
    };
  (stack as MiddlewareStack).add(middleware, { step: 'build', priority: 'high', name: 'sendRawRequest' });
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>)
    chunks.push(Buffer.from(chunk as Uint8Array)); // a Node stream
  return Buffer.concat(chunks);
}
