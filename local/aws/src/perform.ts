import type { House } from './answer.ts';
import { refuseUnfit } from './authorization/not-an-arn.ts';
import { violations } from './constraints/violations.ts';
import { handled, judged } from './late-reads.ts';
import { refuseUnread } from './members/unread.ts';
import { keepRules } from './rules/rule.ts';
import { complain } from './wire/complain.ts';
import type { Exchange } from './wire/exchange.ts';
import type { Operation } from './wire/model.ts';
import { commonError } from './wire/protocol.ts';
import type { Routed } from './wire/route.ts';
import { withoutSecrets } from './wire/sensitive.ts';
import { validate } from './wire/validate.ts';
import type { OpenCall } from './world/calls.ts';
import { AwsError, type Call } from './world/service.ts';

/** Reads, checks and handles one authenticated request, and checks what is to be answered. */
export async function perform(
  routed: Routed,
  exchange: Exchange,
  call: Call,
  open: OpenCall,
  house: Pick<House, 'checkReplies' | 'asksOf' | 'behaviour'>,
): Promise<{ readonly operation: Operation; readonly value: object }> {
  const { service, asked, operation, protocol, dialect } = routed;
  const { common } = protocol;
  if (!operation) throw commonError(common, 'unknownOperation', `${service.name} has no operation ${asked}.`);
  if (!service.operations[operation.name]) throw notThere(service.name, operation.name);
  const { input, problems } = await protocol.read(operation, exchange).catch((cause: unknown) => {
    throw commonError(common, 'malformed', `The request cannot be read: ${messageOf(cause)}`);
  });
  open.read(withoutSecrets(operation.input, input));
  const wrongs = [...problems, ...violations(service.name, operation.name, input)];
  if (wrongs.length > 0) throw complain(wrongs, { service: service.name, operation, dialect, common });
  const value = await carryOut(routed, operation, input, call, house);
  open.tookEffect();
  const wrong = house.checkReplies ? validate(operation.output, value, 'typed') : [];
  if (wrong.length > 0) {
    const list = wrong.map(({ kind, path }) => `${path} (${kind})`).join(', ');
    throw new Error(`the reply does not fit ${operation.name}'s schema: ${list}`);
  }
  return { operation, value };
}

/** Asks IAM and the pages, and handles an input that fits the model. */
export async function carryOut(
  { service, protocol }: Pick<Routed, 'service' | 'protocol'>,
  operation: Operation,
  input: Record<string, unknown>,
  call: Call,
  { asksOf, behaviour }: Pick<House, 'asksOf' | 'behaviour'>,
): Promise<object> {
  const named = { service: service.name, operation: operation.name };
  const handler = service.operations[operation.name];
  if (!handler) throw notThere(service.name, operation.name);
  const asks = asksOf(service.name, operation.name, input, call);
  refuseUnfit(service, asks, operation.name, input, call);
  const refusal = judged(behaviour, call, asks, named);
  if (refusal !== undefined) throw commonError(protocol.common, 'denied', inWordsOf(service.name, refusal));
  keepRules(service.rules ?? [], operation.name, input, call);
  refuseUnread(service.name, operation, input);
  return handled(behaviour, handler, input, call, named);
}

/** EC2 says the same to everybody first. */
function inWordsOf(service: string, refusal: string): string {
  return service === 'ec2' ? `You are not authorized to perform this operation. ${refusal}` : refusal;
}

function notThere(service: string, operation: string): AwsError {
  return new AwsError('NotImplemented', `local-aws does not implement ${service}:${operation}.`, 501);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
