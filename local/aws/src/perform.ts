import type { House } from './answer.ts';
import { strangerIn } from './authorization/authorize.ts';
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
  const handler = service.operations[operation.name];
  if (!handler)
    throw new AwsError(
      'NotImplemented',
      `local-aws does not implement ${service.name}:${operation.name}.`,
      501,
    );
  const { input, problems } = await protocol.read(operation, exchange).catch((cause: unknown) => {
    throw commonError(common, 'malformed', `The request cannot be read: ${messageOf(cause)}`);
  });
  open.read(withoutSecrets(operation.input, input));
  const wrongs = [...problems, ...violations(service.name, operation.name, input)];
  if (wrongs.length > 0) throw complain(wrongs, { service: service.name, operation, dialect, common });
  const asks = house.asksOf(service.name, operation.name, input, call);
  const stranger = strangerIn(asks, input);
  if (stranger !== undefined) throw new AwsError(dialect.invalid, `ARN ${stranger} is not valid.`);
  const refusal = judged(house.behaviour, call, asks, {
    service: service.name,
    operation: operation.name,
  });
  if (refusal !== undefined) throw commonError(common, 'denied', inWordsOf(service.name, refusal));
  keepRules(service.rules ?? [], operation.name, input, call);
  refuseUnread(service.name, operation, input);
  const value = await handled(house.behaviour, handler, input, call, {
    service: service.name,
    operation: operation.name,
  });
  open.tookEffect();
  const wrong = house.checkReplies ? validate(operation.output, value, 'typed') : [];
  if (wrong.length > 0) {
    const list = wrong.map(({ kind, path }) => `${path} (${kind})`).join(', ');
    throw new Error(`the reply does not fit ${operation.name}'s schema: ${list}`);
  }
  return { operation, value };
}

/** EC2 says the same to everybody first. */
function inWordsOf(service: string, refusal: string): string {
  return service === 'ec2' ? `You are not authorized to perform this operation. ${refusal}` : refusal;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
