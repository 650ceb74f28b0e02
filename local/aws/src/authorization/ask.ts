import type { Context } from '../policy/context.ts';
import type { Call } from '../world/service.ts';

/** What IAM is asked: whether somebody may do one action to one resource. */
export interface Ask {
  /** `ecs:UpdateService`. */
  readonly action: string;
  /** An ARN; `*` of an action that knows no resources. */
  readonly resource: string;
  /** Condition keys of the service. One that is `undefined` is known to be absent; one that is not here is not known. */
  readonly context?: Context;
  /** Tags of the resource, for `aws:ResourceTag/…`; absent where this double does not know them. */
  readonly resourceTags?: Readonly<Record<string, string>>;
  /** Tags in the request, for `aws:RequestTag/…` and `aws:TagKeys`. */
  readonly requestTags?: Readonly<Record<string, string>>;
}

/** What IAM is asked for one request of an operation. All of it must be allowed. */
// biome-ignore lint/suspicious/noExplicitAny: each file types its inputs with the SDK's own
export type Asks = (input: any, call: Call) => readonly Ask[];
