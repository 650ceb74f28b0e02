import { randomUUID } from 'node:crypto';
import { authenticate } from './authenticate.ts';
import { complain } from './wire/complain.ts';
import type { Exchange, Reply } from './wire/exchange.ts';
import type { Operation } from './wire/model.ts';
import { type CommonErrors, wireError } from './wire/protocol.ts';
import { type Routed, route } from './wire/route.ts';
import { members } from './wire/shape.ts';
import { readSignature } from './wire/signature.ts';
import { validate } from './wire/validate.ts';
import type { CallLog, OpenCall } from './world/calls.ts';
import type { FaultKind, Faults } from './world/faults.ts';
import { AwsError, type Call, type Principal, type Service } from './world/service.ts';
import type { World } from './world/world.ts';

/** What answers requests: the services over one world, its log and its faults. */
export interface House {
  readonly services: readonly Service[];
  readonly world: World;
  readonly log: CallLog;
  readonly faults: Faults;
  /** A reply that does not fit its schema becomes a 500 that names the member. */
  readonly checkReplies: boolean;
}

/** Answers one request. `reset` means that the connection is to break without an answer. */
export async function answer(house: House, exchange: Exchange): Promise<Reply | 'reset'> {
  const requestId = randomUUID();
  const signature = readSignature(exchange.headers['authorization']);
  const routed = await route(house.services, exchange, signature?.service);
  if (!routed) return unroutable(exchange, requestId);
  const { service, dialect, protocol, asked } = routed;
  let open: OpenCall | undefined;
  const record = (principal: Principal | undefined) =>
    house.log.record(exchange.headers['amz-sdk-invocation-id'], {
      time: house.world.clock.now(),
      service: service.name,
      operation: asked,
      principal: principal?.arn,
      account: principal?.account ?? '',
      region: signature?.region ?? '',
    });
  try {
    const operation = { service: service.name, operation: asked };
    const principal = authenticate(house.world, exchange, signature, operation, protocol.common);
    open = record(principal);
    const fault = house.faults.next(service.name, asked);
    refuseByFault(fault, protocol.common, principal, operation);
    const call: Call = {
      principal,
      account: principal?.account ?? '',
      region: signature?.region ?? '',
      requestId,
      world: house.world,
      headers: exchange.headers,
    };
    const output = await perform(house, routed, exchange, call, open);
    if (fault === 'reset-after-effect') return 'reset';
    if (fault === 'empty-reply') return { status: 200, headers: {}, body: '' };
    return protocol.reply(output.operation, output.value, requestId, dialect);
  } catch (thrown) {
    open ??= record(undefined);
    const error = thrown instanceof AwsError ? thrown : defect(thrown, routed);
    open.refused(error.code);
    return protocol.error(wireError(error, routed.model, dialect.protocol), exchange, requestId, dialect);
  }
}

async function perform(house: House, routed: Routed, exchange: Exchange, call: Call, open: OpenCall) {
  const { service, asked, operation, protocol, dialect } = routed;
  const { unknownOperation } = protocol.common;
  if (!operation)
    throw new AwsError(
      unknownOperation[0],
      `${service.name} has no operation ${asked}.`,
      unknownOperation[1],
    );
  const handler = service.operations[operation.name];
  if (!handler)
    throw new AwsError(
      'NotImplemented',
      `local-aws does not implement ${service.name}:${operation.name}.`,
      501,
    );
  const { input, problems } = await protocol.read(operation, exchange).catch((cause: unknown) => {
    const [code, status] = protocol.common.malformed;
    throw new AwsError(code, `The request cannot be read: ${messageOf(cause)}`, status);
  });
  open.read(withoutSecrets(operation, input));
  if (problems.length > 0) throw complain(problems, operation, dialect, protocol.common);
  const value = await handler(input, call);
  open.tookEffect();
  const wrong = house.checkReplies ? validate(operation.output, value, 'typed') : [];
  if (wrong.length > 0) {
    const list = wrong.map(({ kind, path }) => `${path} (${kind})`).join(', ');
    throw new Error(`the reply does not fit ${operation.name}'s schema: ${list}`);
  }
  return { operation, value };
}

/** The input as it may be kept: text that the schema calls sensitive (tokens) is left out. */
function withoutSecrets(
  { input: schema }: Operation,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const sensitive = members(schema).filter(
    ([, member]) => member.isStringSchema() && member.getMergedTraits()['sensitive'],
  );
  const hidden = sensitive
    .filter(([name]) => input[name] !== undefined)
    .map(([name]) => [name, '(sensitive)']);
  return { ...input, ...Object.fromEntries(hidden) };
}

function refuseByFault(
  fault: FaultKind | undefined,
  errors: CommonErrors,
  principal: Principal | undefined,
  asked: { readonly service: string; readonly operation: string },
): void {
  const refuse = (kind: keyof CommonErrors, message: string) =>
    new AwsError(errors[kind][0], message, errors[kind][1]);
  const who = principal?.arn ?? 'anonymous';
  if (fault === 'throttle') throw refuse('throttled', 'Rate exceeded');
  if (fault === 'server-error')
    throw refuse('server', 'The request processing has failed because of an unknown error.');
  if (fault === 'expired') throw refuse('expired', 'The security token included in the request is expired');
  if (fault === 'denied')
    throw refuse('denied', `User: ${who} is not authorized to perform: ${asked.service}:${asked.operation}`);
}

/** Our own bug, told to the client as AWS tells of its own, with the place for whoever mends it. */
function defect(thrown: unknown, { service, asked, protocol }: Routed): AwsError {
  const [code, status] = protocol.common.server;
  const place = thrown instanceof Error ? (thrown.stack?.split('\n')[1]?.trim() ?? '') : '';
  return new AwsError(
    code,
    `local-aws failed in ${service.name}:${asked}: ${messageOf(thrown)} ${place}`,
    status,
  );
}

function unroutable({ method, path, headers }: Exchange, requestId: string): Reply {
  const asked = headers['x-amz-target'] ?? `${method} ${path}`;
  return {
    status: 501,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({
      __type: 'NotImplemented',
      message: `local-aws has no service that answers ${asked}.`,
    }),
  };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
