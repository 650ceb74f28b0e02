import { CHANGE_ID } from '@tenant-delivery/domain';
import type { ChangeSetListed, StackSeen } from '../ports.ts';

/** What a request may carry ("AWS CloudFormation quotas", template body size). */
const MOST_BYTES = 51_200;

/** A stack that is there, as far as it matters to a plan. */
export type StackState =
  /** There is none, or the shell of a plan that nobody executed. */
  { readonly kind: 'new' } | { readonly kind: 'made' } | { readonly kind: 'refused'; readonly why: string };

/** What CloudFormation's status of a stack means for somebody who wants to change it. */
export type StackCondition =
  /** There is none, or the shell of a plan that nobody executed. */
  | 'never-made'
  | 'made'
  | 'under-way'
  /** A first creation failed, and what it made is still there, with a rollback to begin. */
  | 'creation-failed'
  /** A first creation could not be taken away whole. A deletion leaves what its template keeps. */
  | 'half-taken-away'
  /** It can only be deleted. */
  | 'half-made'
  /** Its rollback must be continued. */
  | 'half-rolled-back'
  | 'unclear';

const UPDATABLE =
  /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|IMPORT_COMPLETE|IMPORT_ROLLBACK_COMPLETE)$/;

export function conditionOf(status: string | undefined): StackCondition {
  if (status === undefined || status === 'REVIEW_IN_PROGRESS') return 'never-made';
  if (UPDATABLE.test(status)) return 'made';
  if (status.endsWith('_IN_PROGRESS')) return 'under-way';
  if (['ROLLBACK_COMPLETE', 'DELETE_FAILED'].includes(status)) return 'half-made';
  if (status === 'CREATE_FAILED') return 'creation-failed';
  if (status === 'ROLLBACK_FAILED') return 'half-taken-away';
  return status === 'UPDATE_ROLLBACK_FAILED' ? 'half-rolled-back' : 'unclear';
}

/** Whether CloudFormation takes a change set for a stack in this state, and if not, what to do. */
export function stateOf(stack: StackSeen | undefined): StackState {
  const condition = conditionOf(stack?.status);
  if (stack === undefined || condition === 'never-made') return { kind: 'new' };
  if (condition === 'made') return { kind: 'made' };
  const { name, status } = stack;
  const todo = {
    'under-way': 'wait until it is complete, then plan again',
    'creation-failed': `re-run the job apply of the run that made it, or lift the deletion protection of its load balancer and \`aws cloudformation rollback-stack --retain-except-on-create --stack-name ${name}\`, then plan again`,
    'half-taken-away': `mend what its events name, then \`aws cloudformation delete-stack --stack-name ${name}\`; what the template keeps stays in the account, so delete it by hand, then plan again`,
    'half-made': `delete it by \`aws cloudformation delete-stack --stack-name ${name}\`, then plan again`,
    'half-rolled-back': `mend what its events name, then \`aws cloudformation continue-update-rollback --stack-name ${name}\``,
    unclear: 'look at its events, bring it to a complete state, then plan again',
  }[condition];
  return { kind: 'refused', why: `${name} is ${status}: ${todo}` };
}

/** The name of the change set of a change; CloudFormation allows no underscore in one. */
export function changeSetName(change: string): string {
  return `td-${change.toLowerCase().replace('_', '-')}`;
}

/** The change that a change set of ours belongs to; `undefined` for one that others made. */
export function changeOfSet(name: string): string | undefined {
  const [, id] = /^td-chg-([0-9a-z]{26})$/.exec(name) ?? [];
  const change = `chg_${id?.toUpperCase()}`;
  return CHANGE_ID.test(change) ? change : undefined;
}

/** Change sets that no change of ours made. Executing ours would drop them. */
export function foreignChangeSets(stack: string, listed: readonly ChangeSetListed[]): readonly string[] {
  return listed
    .filter(({ name }) => changeOfSet(name) === undefined)
    .map(
      ({ name }) =>
        `${stack} has the change set ${name}, which no change here made: execute or delete it first`,
    );
}

/** A template over what a request may carry. */
export function oversized(stack: string, body: string): readonly string[] {
  const bytes = Buffer.byteLength(body);
  return bytes > MOST_BYTES
    ? [
        `the template of ${stack} has ${bytes} bytes, and a request carries ${MOST_BYTES}: shorten the names of its resources, or agree on fewer`,
      ]
    : [];
}
