import type { ChangeState } from '@tenant-delivery/domain';
import { mendRecovery, sayRecovery } from '../recovery/look-at-recovery.ts';
import type { Finding } from '../verify/findings.ts';
import { otherContract } from '../verify/other-contract.ts';
import type { Verification } from '../verify/verify-part.ts';
import type { Applying, StackResult } from './applying.ts';
import { wentWell } from './applying.ts';
import type { BackupResult } from './back-up.ts';

/** How an attempt to apply a plan ended. */
export interface ApplyEnd {
  readonly outcome: 'applied' | 'unverified' | 'rolled-back' | 'failed' | 'timed-out' | 'cancelled';
  readonly reasonCode: string;
  /** One sentence. */
  readonly why: string;
  readonly todo: string | undefined;
  /** Where the change goes; `undefined` while it goes on. */
  readonly state: Extract<ChangeState, 'verified' | 'failed' | 'rolled-back'> | undefined;
  readonly goesOn: boolean;
  readonly results: readonly StackResult[];
  readonly backups: readonly BackupResult[];
  readonly verification: Verification | undefined;
}

type Told = Pick<ApplyEnd, 'outcome' | 'reasonCode' | 'why' | 'todo' | 'state'>;

/** What came of the backups, of the stacks, and of the look at them. */
export function endOf(
  applying: Pick<Applying, 'admission' | 'plan'>,
  applied: Pick<ApplyEnd, 'results' | 'backups'>,
  verification: Verification | undefined,
): ApplyEnd {
  const { results, backups } = applied;
  const lost = notBackedUp(applied);
  const bad = results.find((result) => !wentWell(result));
  const told = lost ? endWithout(lost) : bad ? badEnd(results, bad) : goodEnd(applying, verification);
  return { ...told, goesOn: told.state === undefined, results, backups, verification };
}

/** The backup because of which nothing was taken away. */
export function notBackedUp({
  results,
  backups,
}: Pick<ApplyEnd, 'results' | 'backups'>): BackupResult | undefined {
  return results.length > 0 ? undefined : backups.find(({ result }) => result !== 'complete');
}

/** Where AWS goes on by itself: the run was cancelled, or its time was over. */
function goingOn(
  result: 'cancelled' | 'timed-out',
  { of, onGoing, todo }: Record<'of' | 'onGoing' | 'todo', string>,
): Told {
  const cancelled = result === 'cancelled';
  return {
    outcome: result,
    reasonCode: cancelled ? 'STACK_CANCELLED' : 'STACK_TIMED_OUT',
    why: `${cancelled ? 'The run was cancelled' : `${of} was not complete in time`}. ${onGoing}`,
    todo,
    state: undefined,
  };
}

function endWithout({ resource, result, state, reason }: BackupResult): Told {
  const nothing = 'Nothing was taken away.';
  if (result === 'cancelled' || result === 'timed-out')
    return goingOn(result, {
      of: `The backup of ${resource}`,
      onGoing: `AWS Backup goes on with ${result === 'cancelled' ? resource : 'it'}. ${nothing}`,
      todo: 'Re-run the job apply of this run: it follows the same backup.',
    });
  return {
    outcome: 'failed',
    reasonCode: 'BACKUP_FAILED',
    why: `The backup of ${resource} is ${state}: ${onOneLine(reason ?? '')}. ${nothing}`,
    todo: 'Mend what AWS Backup names, and plan the withdrawal again.',
    state: 'failed',
  };
}

function badEnd(results: readonly StackResult[], bad: StackResult): Told {
  const { name, status, result, failure } = bad;
  if (result === 'cancelled' || result === 'timed-out')
    return goingOn(result, {
      of: name,
      onGoing: `CloudFormation goes on with ${result === 'cancelled' ? name : 'it'}.`,
      todo: 'Re-run the job apply of this run: it executes nothing twice, and follows what CloudFormation goes on with.',
    });
  const first = failure
    ? `${failure.logicalId} (${failure.type}) failed: ${onOneLine(failure.reason)}.`
    : 'CloudFormation names no resource that failed.';
  const done = results.filter((each) => each.result === 'complete' || each.result === 'deleted');
  const isBack = result === 'rolled-back' && done.length === 0;
  return {
    outcome: isBack ? 'rolled-back' : 'failed',
    reasonCode: isBack ? 'STACK_ROLLED_BACK' : 'STACK_FAILED',
    why: `${name} is ${status}. ${first}${done.length > 0 ? ` ${done.map((each) => each.name).join(', ')} went well and stays.` : ''}`,
    todo: todoFor(bad),
    state: isBack ? 'rolled-back' : 'failed',
  };
}

/** What AWS says, without the full stop that our sentence has. */
const onOneLine = (text: string) => text.replace(/\s+/g, ' ').replace(/\.$/, '');

function todoFor({ name, status, result }: StackResult): string {
  if (result === 'refused')
    return 'Nothing of this stack was changed. Plan again: it starts from what is there now.';
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return `Mend what the failed resource needs, then \`aws cloudformation continue-update-rollback --stack-name ${name}\`, and plan again.`;
  if (status === 'CREATE_FAILED')
    return `Lift the deletion protection of its load balancer, then \`aws cloudformation rollback-stack --retain-except-on-create --stack-name ${name}\`, and plan again.`;
  if (status === 'ROLLBACK_FAILED')
    return `Mend what keeps the failed resource from being deleted, then \`aws cloudformation delete-stack --stack-name ${name}\`. What the template keeps stays in the account: delete it by hand, and plan again.`;
  if (status === 'DELETE_FAILED')
    return 'Mend what keeps the failed resource from being deleted, and plan the withdrawal again.';
  return 'Mend what the failed resource names, in the contract or in the account, and plan again.';
}

function goodEnd(
  applying: Pick<Applying, 'admission' | 'plan'>,
  verification: Verification | undefined,
): Told {
  const other = otherContract(applying);
  if (other !== undefined)
    return {
      outcome: 'unverified',
      reasonCode: 'CONTRACT_CHANGED',
      why: `Everything is made, and it is not verified: ${other}.`,
      todo: 'Plan again, under the contract that is in force.',
      state: undefined,
    };
  const { findings = [], linksDown = [], recovery = [] } = verification ?? {};
  const failed = findings.filter(({ result }) => result === 'fail');
  const unknown = findings.filter(({ result }) => result === 'unknown');
  if (failed.length > 0) return { ...notVerified(failed), outcome: 'failed', state: 'failed' };
  const again =
    'Start verify-provision.yml, or wait until its schedule does: it only looks, and closes the change.';
  if (unknown.length > 0)
    return { ...notVerified(unknown), outcome: 'unverified', todo: again, state: undefined };
  if (linksDown.length > 0)
    return {
      outcome: 'unverified',
      reasonCode: 'TUNNELS_DOWN',
      why: `Everything is made. No tunnel of ${linksDown.join(', ')} is up yet.`,
      todo: `Have the customer set up their gateway with the configuration of the VPN connection. ${again}`,
      state: undefined,
    };
  const [first, ...more] = recovery.filter(({ state }) => state !== 'ready');
  if (first)
    return {
      outcome: 'unverified',
      reasonCode: 'RECOVERY_NOT_READY',
      why: `Everything is made. ${[first, ...more].map(sayRecovery).join('; ')}.`,
      todo: `${mendRecovery([first, ...more])} ${again}`,
      state: undefined,
    };
  return {
    outcome: 'applied',
    reasonCode: 'OK',
    why:
      applying.plan.kind === 'withdrawal'
        ? 'Everything that was to go is gone.'
        : 'Everything is made and verified.',
    todo: undefined,
    state: 'verified',
  };
}

function notVerified(findings: readonly Finding[]): Pick<Told, 'reasonCode' | 'why' | 'todo'> {
  return {
    reasonCode: 'STACK_NOT_VERIFIED',
    why: `The stacks are complete, and ${findings.map(({ check, observed }) => `${check}: ${observed}`).join('; ')}.`,
    todo: findings.map(({ remedy }) => remedy).at(0),
  };
}
