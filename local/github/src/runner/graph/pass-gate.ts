import { reasonOf } from '../reason-of.ts';
import type { Planned } from './plan-job.ts';
import type { RunState } from './run-state.ts';

export type GatePassed =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused' | 'cancelled'; readonly reason: string };

/** The job's environment: branch policy, then reviewers. With `approveAs` the review is given at once. */
export async function passGate(
  { emit, options }: RunState,
  { record, name, environment }: Pick<Planned, 'record' | 'name' | 'environment'>,
  cancelled: AbortSignal,
): Promise<GatePassed> {
  if (environment === undefined) return { kind: 'open' };
  const objected = new AbortController();
  let asked = false;
  const onWaiting = (reviewers: readonly string[]) => {
    asked = true;
    emit({ kind: 'job-waiting', job: name, on: { kind: 'reviewers', environment, reviewers } });
    const { approveAs } = options;
    const login = typeof approveAs === 'object' ? approveAs[name.name] : approveAs;
    if (login === undefined) return;
    try {
      record.review({ state: 'approved', login, comment: 'Approved on the command line.' });
    } catch (cause) {
      objected.abort(cause);
    }
  };
  try {
    const gate = await record.passEnvironment(onWaiting, AbortSignal.any([cancelled, objected.signal]));
    if (gate.kind === 'refused') return gate;
    if (asked) {
      const state = gate.kind === 'open' ? 'approved' : 'rejected';
      emit({ kind: 'job-reviewed', job: name, environment, state });
    }
    if (gate.kind === 'open') return gate;
    const comment = gate.comment === '' ? '' : `: ${gate.comment}`;
    return {
      kind: 'refused',
      reason: `The deployment to ${environment} was rejected by ${gate.by}${comment}`,
    };
  } catch (cause) {
    if (objected.signal.aborted) {
      const reason = reasonOf(objected.signal.reason);
      return { kind: 'refused', reason: `The review of ${environment} was refused: ${reason}` };
    }
    if (cancelled.aborted) return { kind: 'cancelled', reason: 'The operation was canceled.' };
    throw cause;
  }
}
