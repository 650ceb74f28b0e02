import type { Json } from '@tenant-delivery/domain';
import type { Verdict } from '../check.ts';
import type { Role, Seen } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedTaskRoles {
  readonly account: string;
  readonly roles: readonly {
    readonly purpose: 'task' | 'execution';
    /** As the task definition has it: an ARN or a name. */
    readonly named: string;
    readonly role: Seen<Role | undefined>;
  }[];
  /** Why the task cannot start without an execution role, where it names none. */
  readonly executionMissing: string | undefined;
}

const TASKS = 'ecs-tasks.amazonaws.com';

export function judgeTaskRoles({ account, roles, executionMissing }: ObservedTaskRoles): Verdict {
  const missing = executionMissing
    ? [
        fail(
          `no execution role is named, and ${executionMissing}`,
          'Name an execution role in the task definition.',
        ),
      ]
    : [];
  const each = roles.map(({ purpose, named, role }) => {
    const theirs = accountOf(named);
    if (theirs !== undefined && theirs !== account) {
      return fail(
        `the ${purpose} role ${named} is of account ${theirs}`,
        `Name a role of account ${account} in the task definition.`,
      );
    }
    return seen(role, (found) => judgeRole(purpose, named, account, found));
  });
  return combined([...missing, ...each], 'the task definition names no role');
}

function judgeRole(purpose: string, named: string, account: string, role: Role | undefined): Verdict {
  if (!role) {
    return fail(
      `there is no ${purpose} role ${named}`,
      'Create the role, or correct its name in the task definition.',
    );
  }
  if (named.startsWith('arn:') && role.arn !== named) {
    return fail(
      `the ${purpose} role is ${role.arn}, the task definition names ${named}`,
      "Correct the role's path in the task definition: ECS takes the ARN by its letters.",
    );
  }
  const why = whyNotTrusted(role.trust, account);
  return why
    ? fail(
        `the ${purpose} role ${named} ${why}`,
        `Let ${TASKS} assume the role in its trust policy, as templates/iam/trust/tasks.json does.`,
      )
    : pass(`${named} trusts ${TASKS}`);
}

function accountOf(named: string): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):role\//.exec(named)?.[1];
}

type JsonObject = { readonly [member: string]: Json };

/** Why ECS could not assume a role with this trust policy for a task of this account. */
function whyNotTrusted(trust: Json, account: string): string | undefined {
  const statements = listOf(isObject(trust) ? trust['Statement'] : undefined)
    .filter(isObject)
    .filter(isAboutTasks);
  if (statements.some(({ Effect }) => Effect === 'Deny')) return `denies ${TASKS}`;
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) return `does not trust ${TASKS}`;
  return allowing.some((statement) => isFor(statement, account))
    ? undefined
    : `trusts ${TASKS} for another account only`;
}

function isAboutTasks({ Principal, Action }: JsonObject): boolean {
  const services = Principal === '*' ? ['*'] : listOf(isObject(Principal) ? Principal['Service'] : undefined);
  const actions = listOf(Action).map((action) => String(action).toLowerCase());
  return (
    services.some((service) => service === TASKS || service === '*') &&
    actions.some((action) => ['sts:assumerole', 'sts:*', '*'].includes(action))
  );
}

/** `aws:SourceAccount` is the one condition that is judged; ECS sets it to the account of the task. */
function isFor({ Condition }: JsonObject, account: string): boolean {
  const conditions = isObject(Condition) ? Object.values(Condition).filter(isObject) : [];
  const accounts = conditions.flatMap((tested) =>
    Object.entries(tested)
      .filter(([key]) => key.toLowerCase() === 'aws:sourceaccount')
      .map(([, value]) => listOf(value)),
  );
  return accounts.every((allowed) => allowed.includes(account));
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
