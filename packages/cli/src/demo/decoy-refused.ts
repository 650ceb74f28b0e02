import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import type { Delivery, Stage } from './stage.ts';

/** An honest review of another job lends its name to a plan that its own author releases. */
export async function decoyRefused(stage: Stage, workflow: string): Promise<void> {
  const { claims, terminal } = stage;
  const decoy = workflow.replace(
    'jobs:\n',
    `jobs:
  notes: # waits in the environment of the approval, and has nothing to do with it
    runs-on: ubuntu-24.04
    environment: acme-prod-approval
    steps:
      - run: echo "Release notes"

`,
  );
  const withDecoy = decoy.replace('  orders:\n', '  orders:\n    needs: notes\n');
  await stage.push('sre-kim', 'Release 3.0.0', {
    VERSION: '3.0.0\n',
    '.github/workflows/deliver.yml': withDecoy,
  });
  stage.mark();
  const delivery = await stage.run({
    repository: 'acme/orders',
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    actor: 'dev-ana',
    approveAs: { notes: 'lead-ben', 'orders / approve': 'sre-kim' },
  });
  const events = delivery.change ? await stage.events(delivery.change) : [];
  terminal.line(terminal.bold('A decoy that waits in the environment of the approval'));
  claims.claim(
    'lead-ben approved the release notes, and sre-kim, who wrote the commit, let the approval of the delivery begin',
    stepsOf(delivery, 'notes') === 'success' && stepsOf(delivery, 'approve') === 'failure',
    () => delivery.result.jobs.map(({ name, conclusion }) => `${name} ${conclusion}`).join(', '),
  );
  claims.claim(
    'the approval was refused: GitHub does not say for which job a review was, and sre-kim could not approve what sre-kim wrote',
    /APPROVAL_AMBIGUOUS/.test(logOf(delivery)) && /sre-kim wrote or committed/.test(logOf(delivery)),
    () => errorsOf(delivery),
  );
  claims.claim(`nobody is recorded as its approver: ${statesOf(events).join(' → ')}`, notApproved(events));
  claims.claim('nothing was deployed', stage.effects('ecs', 'UpdateService') === 0);
  await stage.commit('Deliver as before', { '.github/workflows/deliver.yml': workflow });
}

export const statesOf = (events: readonly ChangeEvent[]) => events.map(({ transition }) => transition.to);

export function notApproved(events: readonly ChangeEvent[]): boolean {
  const states = statesOf(events);
  return states.includes('planned') && !states.includes('approved');
}

export function logOf({ result }: Delivery): string {
  return result.jobs.map(({ log }) => log).join('\n');
}

export function errorsOf({ result }: Delivery): string {
  return result.jobs.flatMap(({ annotations }) => annotations.map(({ message }) => message)).join(' | ');
}

function stepsOf({ result }: Delivery, job: string): string | undefined {
  return result.jobs.find(({ name }) => name === job || name.endsWith(`/ ${job}`))?.conclusion;
}
