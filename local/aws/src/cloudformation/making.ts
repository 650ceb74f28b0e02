import { createHash } from 'node:crypto';
import type { Ask } from '../authorization/ask.ts';
import { asksOf } from '../authorization/asks/index.ts';
import { refusalOf } from '../authorization/authorize.ts';
import { refuseUnfit } from '../authorization/not-an-arn.ts';
import { recordCall } from '../cloudtrail/record.ts';
import { violations } from '../constraints/violations.ts';
import { refuseUnread } from '../members/unread.ts';
import { keepRules } from '../rules/rule.ts';
import { complain } from '../wire/complain.ts';
import { DIALECTS, type Dialect } from '../wire/dialects.ts';
import { jsonProtocol } from '../wire/json.ts';
import { modelOf } from '../wire/model.ts';
import { validate } from '../wire/validate.ts';
import { AwsError, type Call, type Principal, type Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Making } from './resource-type.ts';

/** Where a stack is, and who acts for it. */
export interface Acting {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  /** A session of the service role if the stack has one, else who called. */
  readonly principal: Principal;
}

type Told = Pick<Making, 'stack' | 'logicalId' | 'properties'> & {
  /** The operation that makes it: another one makes another name. */
  readonly token: string;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What a type is told of one resource, with the hands that it may use. */
export function makingOf(acting: Acting, { token, ...told }: Told): Making {
  const { account, region, principal, world } = acting;
  const call: Call = {
    principal,
    account,
    region,
    requestId: token,
    world,
    headers: { 'user-agent': 'cloudformation.amazonaws.com' },
  };
  const ask: Making['ask'] = (...asks) => {
    const refusal = refusalOf(call, principal.accessKeyId === undefined ? asks : asks.map(forwarded));
    if (refusal !== undefined) throw new AwsError('AccessDenied', refusal, 403);
  };
  return {
    ...told,
    account,
    region,
    partition: partitionOf(told.stack.id),
    newName: (longest = 64) => nameFor(told, token, longest),
    ask,
    perform: async <Output extends object>(service: Service, operation: string, input: object) =>
      (await performFor(call, ask, service, operation, input)) as Output, // the caller names the operation's own output
  };
}

/** Where no service role acts, whose session has no key here, CloudFormation asks in its caller's name ("Forward access sessions", IAM user guide). */
function forwarded(ask: Ask): Ask {
  const by = 'cloudformation.amazonaws.com';
  const via = {
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': [by],
    'aws:CalledViaFirst': by,
    'aws:CalledViaLast': by,
  };
  return { ...ask, context: { ...via, ...ask.context } };
}

/** An operation of another service, as if it had come over the wire. */
async function performFor(
  call: Call,
  ask: Making['ask'],
  service: Service,
  name: string,
  input: object,
): Promise<object> {
  const operation = (await modelOf(service.sdk)).operations.get(name);
  const handler = service.operations[name];
  if (!operation || !handler) throw new Error(`local-aws does not implement ${service.name}:${name}`);
  const wrong = [...validate(operation.input, input, 'typed'), ...violations(service.name, name, input)];
  if (wrong.length > 0)
    throw complain(wrong, { service: service.name, operation, dialect: dialectOf(service), common });
  const said = { service: service.name, operation, call, input: { ...input } };
  try {
    const asks = asksOf(service.name, name, input, call);
    refuseUnfit(service, asks, name, input, call);
    ask(...asks);
    keepRules(service.rules ?? [], name, input, call);
    refuseUnread(service.name, operation, input);
    const output = await handler(input, call);
    recordCall({ ...said, outcome: { output } });
    return output;
  } catch (thrown) {
    if (thrown instanceof AwsError) recordCall({ ...said, outcome: { error: thrown } });
    throw thrown;
  }
}

/** CloudFormation's own handlers speak JSON with a service or what is most like it. */
const { common } = jsonProtocol('1.1');

function dialectOf({ name }: Service): Dialect {
  const dialect = DIALECTS[name];
  if (!dialect) throw new Error(`${name} has no dialect`);
  return dialect;
}

/** `stack-LogicalId-1A2B3C4D5E6F`, shortened in front of its end. */
function nameFor({ stack, logicalId }: Pick<Told, 'stack' | 'logicalId'>, token: string, longest: number) {
  const bytes = createHash('sha256').update(`${stack.id}/${logicalId}/${token}`).digest().subarray(0, 12);
  const end = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${`${stack.name}-${logicalId}`.slice(0, longest - end.length - 1)}-${end}`;
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
