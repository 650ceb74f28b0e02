import type { Ask } from './authorization/ask.ts';
import { refusalOf, wouldRefuse } from './authorization/authorize.ts';
import { refuseUnseen } from './ec2/unseen.ts';
import type { Behaviour } from './world/behaviour.ts';
import type { Call, Handler } from './world/service.ts';

/** What an operation is called. */
interface Named {
  readonly service: string;
  readonly operation: string;
}

/** IAM's answer by what it knows: a policy that is new, changed or gone may not have come to where it is asked. */
export function judged(
  { consistency, witness }: Behaviour,
  call: Call,
  asks: readonly Ask[],
  { service, operation }: Named,
): string | undefined {
  const late = consistency.seenByIam(call);
  if (!late) return refusalOf(call, asks);
  const refusal = refusalOf(call, asks, late.world);
  if ((refusal === undefined) !== (wouldRefuse(call, asks) === undefined)) witness.stale(service, operation);
  return refusal;
}

/** A change is handled in the world as it is, once it knows what it names. A read may see an older world. */
export async function handled(
  { consistency, witness }: Behaviour,
  handler: Handler,
  input: Record<string, unknown>,
  call: Call,
  { service, operation }: Named,
): Promise<object> {
  const late = consistency.seenBy(call, service, operation);
  if (late) return seenLate(handler, input, call, late, () => witness.stale(service, operation));
  const unseen = consistency.seenByChange(call, service, operation);
  if (unseen && service === 'ec2') toldUnseen(input, call, unseen, () => witness.stale(service, operation));
  const happened = consistency.before(call, service, operation);
  const value = await handler(input, call);
  happened();
  return value;
}

/** EC2's refusal of an id that has not come yet; `stale` hears of it. */
function toldUnseen(input: object, now: Call, late: Call, stale: () => void): void {
  try {
    refuseUnseen(input, now, late);
  } catch (refused) {
    stale();
    throw refused;
  }
}

/** What a reader is told who sees the world late; `stale` hears of it where that is not the truth. */
async function seenLate(
  handler: Handler,
  input: Record<string, unknown>,
  call: Call,
  late: Call,
  stale: () => void,
): Promise<object> {
  const told = async (of: Call): Promise<{ readonly value?: object; readonly thrown?: unknown }> => {
    try {
      return { value: await handler(input, of) };
    } catch (thrown) {
      return { thrown };
    }
  };
  const seen = await told(late);
  if (!issues(seen.value)) {
    const now = await told(call);
    if (JSON.stringify(now.value) !== JSON.stringify(seen.value)) stale();
  }
  if (seen.value === undefined) throw seen.thrown;
  return seen.value;
}

/** A session is given once. */
function issues(value: object | undefined): boolean {
  return value !== undefined && 'Credentials' in value;
}
