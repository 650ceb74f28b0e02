import { stacksOf } from '../stacks/stacks-of.ts';
import { type Asked, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import type { Place, Sight } from './place.ts';

/** The state of each stack. An environment without any was made by other means, which is no fault. */
export function stackLines({ contract, name, rendered }: Place, { account }: Sight): readonly Asked[] {
  const all = stacksOf(contract, name, rendered).map((stack) => ({
    ...stack,
    status: account.stack(stack.name, stack.region),
  }));
  const anyOwn = Promise.all(
    all.filter((stack) => stack.name.includes(`-${name}-`)).map(({ status }) => status),
  ).then((found) => found.some((status) => status !== undefined));
  return all.map(({ name: stack, region, status }) => ({
    id: `stack/${stack}`,
    about: `stack ${stack}`,
    verdict: judged(Promise.all([status, anyOwn]), ([state, others]) => judge(stack, region, state, others)),
  }));
}

function judge(stack: string, region: string, status: string | undefined, others: boolean): Verdict {
  const at = `--region ${region} --stack-name ${stack}`;
  if (status === undefined && !others) return ok('there is none: this environment was made by other means');
  if (status === undefined || status === 'REVIEW_IN_PROGRESS')
    return wrong(
      'it was never made',
      'Run provision.yml, or apply what contract render writes, as docs/onboarding.md says',
    );
  if (/^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) return ok(status);
  if (status.endsWith('_IN_PROGRESS'))
    return unknown(`it is being changed: ${status}`, `aws cloudformation describe-stack-events ${at}`);
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return wrong(
      status,
      `Mend what its events name, then: aws cloudformation continue-update-rollback ${at}`,
    );
  return wrong(status, `aws cloudformation delete-stack ${at}, then make it again with provision.yml`);
}
