import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import { STUB_TYPE } from '@tenant-delivery/provisioning/plan/stub';
import type { StackResult } from './applying.ts';

interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly id: string | null;
}

/** What a withdrawal did, by CloudFormation's own events. */
export interface Proof {
  readonly gone: readonly Resource[];
  readonly kept: readonly Resource[];
  /** Planned to go and not seen to. */
  readonly left: readonly Resource[];
  /** Touched and not in the plan: there is none unless somebody else was at work. */
  readonly unplanned: readonly Resource[];
}

export function proofOf(plan: StackPlan, results: readonly StackResult[]): Proof {
  const happened = results.flatMap(({ name, resources }) =>
    resources
      .filter(({ type }) => type !== STUB_TYPE)
      .map(({ logicalId, type, id, status }) => ({ stack: name, logicalId, type, id, status })),
  );
  const planned = plan.stacks.flatMap(({ name, changes }) =>
    changes
      .filter(({ type }) => type !== STUB_TYPE)
      .map(({ logicalId, type, id, action }) => ({ stack: name, logicalId, type, id, action })),
  );
  const keyOf = ({ stack, logicalId }: Pick<Resource, 'stack' | 'logicalId'>) => `${stack}/${logicalId}`;
  const wanted = new Set(planned.map(keyOf));
  const gone = happened.filter(({ status }) => status === 'DELETE_COMPLETE');
  const kept = happened.filter(({ status }) => status === 'DELETE_SKIPPED');
  const settled = new Set([...gone, ...kept].map(keyOf));
  return {
    gone: gone.map(told),
    kept: kept.map(told),
    left: planned.filter((each) => !settled.has(keyOf(each))).map(told),
    unplanned: happened.filter((each) => !wanted.has(keyOf(each))).map(told),
  };
}

function told({ stack, logicalId, type, id }: Resource): Resource {
  return { stack, logicalId, type, id };
}
