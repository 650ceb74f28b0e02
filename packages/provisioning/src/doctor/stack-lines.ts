import { conditionOf } from '../plan/judge-state.ts';
import { type Stack, stacksOf } from '../stacks/stacks-of.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import { stackAgain } from './made-by-stacks.ts';
import type { Sight } from './ports.ts';

/** A stack of the contract, and CloudFormation's word on it. */
export interface LookedStack extends Stack {
  readonly status: Promise<string | undefined>;
}

export function lookAtStacks(place: AgreedEnvironment, { account }: Sight): readonly LookedStack[] {
  const { contract, name, rendered } = place;
  return stacksOf(contract, name, rendered).map((stack) => ({
    ...stack,
    status: account.stack(stack.name, stack.region),
  }));
}

/** What no change has made yet. What is adopted is there without its stack. */
export async function toBeMade(stacks: readonly LookedStack[]) {
  const looked = stacks.map(async (stack) => ({ stack, condition: conditionOf(await stack.status) }));
  return (await Promise.all(looked))
    .filter(({ stack, condition }) => condition === 'never-made' && stack.adopts === undefined)
    .map(({ stack: { region, template } }) => ({ region, Resources: template.Resources }));
}

/** The state of each stack. An environment without any was made by other means, which is no fault. */
export function stackLines(place: AgreedEnvironment, all: readonly LookedStack[]): readonly Asked[] {
  const { name } = place;
  const anyOwn = Promise.all(
    all.filter((stack) => stack.name.includes(`-${name}-`)).map(({ status }) => status),
  ).then((found) => found.some((status) => status !== undefined));
  return all.map(({ name: stack, part, region, status }) => ({
    id: `stack/${stack}`,
    about: `stack ${stack}`,
    verdict: judged(Promise.all([status, anyOwn]), ([state, others]) =>
      judge({ stack, region, again: stackAgain(place, { name: stack, part }) }, state, others),
    ),
  }));
}

interface Looked {
  readonly stack: string;
  readonly region: string;
  /** What makes it. */
  readonly again: string;
}

function judge({ stack, region, again }: Looked, status: string | undefined, others: boolean): Verdict {
  const at = `--region ${region} --stack-name ${stack}`;
  if (status === undefined && !others) return ok('there is none: this environment was made by other means');
  switch (conditionOf(status)) {
    case 'never-made':
      return wrong('it was never made', again.replace(' again,', ','));
    case 'made':
      return ok(`${status}`);
    case 'under-way':
      return unknown(`it is being changed: ${status}`, `aws cloudformation describe-stack-events ${at}`);
    case 'creation-failed':
      return wrong(
        `${status}`,
        `Lift the deletion protection of its load balancer, then: aws cloudformation rollback-stack --retain-except-on-create ${at}; when it is gone: ${again}`,
      );
    case 'half-taken-away':
      return wrong(
        `${status}`,
        `Mend what its events name, then: aws cloudformation delete-stack ${at}; delete what its template keeps by hand, then ${again}`,
      );
    case 'half-made':
      return wrong(`${status}`, `aws cloudformation delete-stack ${at}; when it is gone: ${again}`);
    case 'half-rolled-back':
      return wrong(
        `${status}`,
        `Mend what its events name, then: aws cloudformation continue-update-rollback ${at}`,
      );
    case 'unclear':
      return wrong(
        `${status}`,
        `Bring it to a complete state by what its events say: aws cloudformation describe-stack-events ${at}`,
      );
  }
}
