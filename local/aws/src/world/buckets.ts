import { ec2Bucket } from './ec2-rates.ts';
import { PUBLISHED_RATES, type PublishedRates } from './published-rates.ts';

/** A token bucket of one account in one region: every request takes one, `sustained` come back each second. */
export interface Bucket {
  /** As AWS's page names it. */
  readonly name: string;
  readonly page: string;
  readonly service: string;
  /** How many it holds. */
  readonly burst: number;
  /** How many come back in a second. */
  readonly sustained: number;
  /** What is said when it is empty, where that is not the protocol's own code and "Rate exceeded". */
  readonly refusal?: { readonly code?: string; readonly says?: string };
}

/** A request, as far as its rate goes. */
export interface Rated {
  readonly service: string;
  readonly operation: string;
  /** EC2: it is asked with a filter or a page size. */
  readonly narrowed?: boolean;
}

/** The published buckets that a request draws from, its operation's own first. */
export function bucketsOf({ service, operation, narrowed = false }: Rated): readonly Bucket[] {
  if (service === 'ec2') return [ec2Bucket(operation, narrowed)];
  return PUBLISHED_RATES.filter((rates) => rates.service === service).flatMap((rates) => {
    const own = rates.buckets.find(([, , , operations]) => draws(operations, operation));
    return [
      ...(own ? [bucket(rates, own[0], own[1], own[2])] : []),
      ...(rates.account ? [bucket(rates, 'account', ...rates.account)] : []),
    ];
  });
}

/** `*` is every operation that no row before it has. */
function draws(operations: string, operation: string): boolean {
  return operations
    .split(' ')
    .some((name) => (name.endsWith('*') ? operation.startsWith(name.slice(0, -1)) : operation === name));
}

function bucket(
  { page, service, code, says }: PublishedRates,
  name: string,
  burst: number,
  sustained: number,
): Bucket {
  const refusal = { ...(code && { code }), ...(says && { says }) };
  return { name, page, service, burst, sustained, ...(code || says ? { refusal } : {}) };
}
