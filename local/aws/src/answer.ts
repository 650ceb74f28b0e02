import { randomUUID } from 'node:crypto';
import { authenticate } from './authenticate.ts';
import type { asksOf } from './authorization/asks/index.ts';
import { recordCall } from './cloudtrail/record.ts';
import { perform } from './perform.ts';
import type { Exchange, Reply } from './wire/exchange.ts';
import { type CommonErrors, commonError, wireError } from './wire/protocol.ts';
import { type Routed, route } from './wire/route.ts';
import { readSignature } from './wire/signature.ts';
import type { Behaviour } from './world/behaviour.ts';
import type { CallLog, OpenCall } from './world/calls.ts';
import { deviated, nameOfRefusal } from './world/deviations.ts';
import type { Fault, FaultKind, Faults } from './world/faults.ts';
import { AwsError, type Call, type Principal, type Service } from './world/service.ts';
import type { World } from './world/world.ts';

/** What answers requests: the services over one world, its log and its faults. */
export interface House {
  readonly services: readonly Service[];
  readonly world: World;
  readonly log: CallLog;
  readonly faults: Faults;
  readonly behaviour: Behaviour;
  /** What IAM is asked for a request. */
  readonly asksOf: typeof asksOf;
  /** A reply that does not fit its schema becomes a 500 that names the member. */
  readonly checkReplies: boolean;
}

/** Answers one request. `reset` means that the connection is to break without an answer. */
export async function answer(house: House, exchange: Exchange): Promise<Reply | 'reset'> {
  const requestId = randomUUID();
  const signature = readSignature(exchange.headers['authorization']);
  const routed = await route(house.services, exchange, signature?.service);
  if (!routed) return unroutable(house, exchange, requestId);
  const { service, dialect, protocol, asked } = routed;
  let open: OpenCall | undefined;
  let call: Call | undefined;
  let input: Record<string, unknown> = {};
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
    call = {
      principal,
      account: principal?.account ?? '',
      region: signature?.region ?? '',
      requestId,
      world: house.world,
      headers: exchange.headers,
    };
    const fault = house.faults.next(service.name, asked);
    refuseByFault(fault?.kind, protocol.common, principal, operation);
    holdBack(house.behaviour, protocol.common, exchange, call, operation);
    const { read } = open;
    const told: OpenCall = {
      ...open,
      read: (said) => {
        input = Object(said);
        read(said);
      },
    };
    const output = await perform(routed, exchange, call, told, house);
    recordCall({
      service: service.name,
      operation: output.operation,
      call,
      input,
      outcome: { output: output.value },
    });
    const value = deviated(house.world, service.name, output.operation.name, output.value);
    return await spoilt(protocol.reply(output.operation, value, requestId, dialect), fault, house.world);
  } catch (thrown) {
    open ??= record(undefined);
    const error = thrown instanceof AwsError ? thrown : defect(thrown, routed);
    open.refused(error.code);
    if (call && routed.operation && thrown instanceof AwsError)
      recordCall({ service: service.name, operation: routed.operation, call, input, outcome: { error } });
    return refused(house, routed, error, exchange, requestId);
  }
}

/** An error as the service writes it, under the name that a deviation gives it. */
function refused(
  { world }: House,
  { service, protocol, model, dialect }: Routed,
  error: AwsError,
  exchange: Exchange,
  requestId: string,
): Reply {
  const named = nameOfRefusal(world, service.name, error.code);
  const told = named === error.code ? error : new AwsError(named, error.message, error.status);
  return protocol.error(wireError(told, model, dialect.protocol), exchange, requestId, dialect);
}

/** "Rate exceeded", in the service's own words, where one of the request's buckets is empty. */
function holdBack(
  { throttling, witness }: Behaviour,
  errors: CommonErrors,
  { body }: Exchange,
  { account, region }: Call,
  asked: { readonly service: string; readonly operation: string },
): void {
  const narrowed = asked.service === 'ec2' && /(^|&)(Filter\.|MaxResults=)/.test(body.toString());
  const empty = throttling.emptyFor({ ...asked, account, region, narrowed });
  if (!empty) return;
  witness.throttled(asked.service, asked.operation);
  const usual = commonError(errors, 'throttled', empty.refusal?.says ?? 'Rate exceeded');
  throw new AwsError(empty.refusal?.code ?? usual.code, usual.message, usual.status);
}

/** What becomes of an answer whose effect has happened. */
async function spoilt(reply: Reply, fault: Fault | undefined, { clock }: World): Promise<Reply | 'reset'> {
  switch (fault?.kind) {
    case 'reset-after-effect':
      return 'reset';
    case 'empty-reply':
      return { status: 200, headers: {}, body: '' };
    case 'truncated':
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case 'slow':
      await clock.sleep(fault.milliseconds ?? 60_000);
      return reply;
    default:
      return reply;
  }
}

function refuseByFault(
  fault: FaultKind | undefined,
  errors: CommonErrors,
  principal: Principal | undefined,
  asked: { readonly service: string; readonly operation: string },
): void {
  const refuse = (kind: keyof CommonErrors, message: string) => commonError(errors, kind, message);
  const who = principal?.arn ?? 'anonymous';
  if (fault === 'throttle') throw refuse('throttled', 'Rate exceeded');
  if (fault === 'server-error')
    throw refuse('server', 'The request processing has failed because of an unknown error.');
  if (fault === 'expired') throw refuse('expired', 'The security token included in the request is expired');
  if (fault === 'denied')
    throw refuse('denied', `User: ${who} is not authorized to perform: ${asked.service}:${asked.operation}`);
}

/** Our own bug, told to the client as AWS tells of its own, with the place in our code. */
function defect(thrown: unknown, { service, asked, protocol }: Routed): AwsError {
  const place = thrown instanceof Error ? (thrown.stack?.split('\n')[1]?.trim() ?? '') : '';
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return commonError(
    protocol.common,
    'server',
    `local-aws failed in ${service.name}:${asked}: ${what} ${place}`,
  );
}

function unroutable(house: House, { method, path, headers }: Exchange, requestId: string): Reply {
  const asked = headers['x-amz-target'] ?? `${method} ${path}`;
  const nobody = { service: 'unknown', principal: undefined, account: '', region: '' };
  house.log
    .record(headers['amz-sdk-invocation-id'], { ...nobody, time: house.world.clock.now(), operation: asked })
    .refused('NotImplemented');
  return {
    status: 501,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({
      __type: 'NotImplemented',
      message: `local-aws has no service that answers ${asked}.`,
    }),
  };
}
