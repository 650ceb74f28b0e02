import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';

/** An approved plan while it is carried out. */
export interface Applying {
  readonly admission: StacksAdmission;
  readonly change: ChangeHandle;
  readonly plan: StackPlan;
  /** The role with which CloudFormation changes resources. */
  readonly role: string;
  /** Proves that the part is still this run's to change. To be called right before each request that changes something. */
  hold(): Promise<void>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** What became of one stack of the plan. */
export interface StackResult {
  readonly name: string;
  readonly region: string;
  /** `refused`: nothing of it was done. `timed-out` and `cancelled`: CloudFormation goes on with it. */
  readonly result:
    | 'complete'
    | 'unchanged'
    | 'deleted'
    | 'rolled-back'
    | 'failed'
    | 'refused'
    | 'timed-out'
    | 'cancelled';
  /** CloudFormation's word. */
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The first resource that failed, with AWS's reason. */
  readonly failure: { readonly logicalId: string; readonly type: string; readonly reason: string } | null;
  /** Resources by what happened to them: `CREATE_COMPLETE`, `DELETE_SKIPPED`. */
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly id: string | null;
    readonly status: string;
  }[];
}

export const wentWell = ({ result }: StackResult): boolean =>
  result === 'complete' || result === 'unchanged' || result === 'deleted';
