import { stacksOf } from '../stacks/stacks-of.ts';
import { type Asked, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import { stackAgain } from './made-by-stacks.ts';
import type { Place, Sight } from './place.ts';

/** The state of each stack. An environment without any was made by other means, which is no fault. */
export function stackLines(place: Place, { account }: Sight): readonly Asked[] {
  const { contract, name, rendered } = place;
  const all = stacksOf(contract, name, rendered).map((stack) => ({
    ...stack,
    status: account.stack(stack.name, stack.region),
  }));
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
  if (status === undefined || status === 'REVIEW_IN_PROGRESS')
    return wrong('it was never made', again.replace(' again,', ','));
  if (/^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) return ok(status);
  if (status.endsWith('_IN_PROGRESS'))
    return unknown(`it is being changed: ${status}`, `aws cloudformation describe-stack-events ${at}`);
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return wrong(
      status,
      `Mend what its events name, then: aws cloudformation continue-update-rollback ${at}`,
    );
  return wrong(status, `aws cloudformation delete-stack ${at}; when it is gone: ${again}`);
}
