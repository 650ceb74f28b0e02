import { ORDERS, type Stage } from './stage.ts';

/** An SRE takes the service back from the operations repository. */
export async function sreRollback(stage: Stage): Promise<void> {
  const { claims, terminal, platform } = stage;
  await stage.commit('Release 1.1.0', { VERSION: '1.1.0\n' });
  const forward = await stage.deliver();
  const newer = await stage.ask();
  const { service, tenant, environment, account, region } = ORDERS;
  const back = await stage.run({
    repository: platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/rollback.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment, account, region, service, to: 'previous', reason: '1.1.0 answers slowly' },
    actor: 'sre-kim',
  });
  const events = back.change ? await stage.events(back.change) : [];
  const answer = await stage.ask();
  terminal.line(terminal.bold("An SRE's rollback"));
  claims.claim(
    `1.1.0 was serving: ${newer.body}`,
    forward.outcome === 'closed' && newer.body.includes('"version":"1.1.0"'),
    () => `${forward.outcome}: ${newer.body}`,
  );
  claims.claim(
    `the rollback is a change of its own: ${events.map(({ transition }) => transition.to).join(' → ')}`,
    events.at(-1)?.transition.to === 'closed',
    () => back.outcome,
  );
  claims.claim(`it undoes ${forward.change}`, events[0]?.change.revertOf === forward.change, () =>
    String(events[0]?.change.revertOf),
  );
  claims.claim(
    `1.0.0 answers again: ${answer.body}`,
    answer.body.includes('"version":"1.0.0"'),
    () => answer.body,
  );
}
