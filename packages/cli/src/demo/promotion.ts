import { ORDERS, type Stage } from './stage.ts';

/** What was verified in staging goes on to production: the same digest, judged and approved again, and nothing built. */
export async function promotion(stage: Stage): Promise<void> {
  const { claims, terminal, platform } = stage;
  await stage.commit('Release 1.2.0', { VERSION: '1.2.0\n' });
  const there = await stage.run({
    repository: 'acme/orders',
    workflow: '.github/workflows/staging.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    actor: 'dev-ana',
    approveAs: 'lead-ben',
  });
  const before = await stage.ask();
  const { service, tenant, environment, account, region } = ORDERS;
  const here = await stage.run({
    repository: platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/promote.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment, account, region, service },
    actor: 'sre-kim',
    approveAs: 'lead-ben',
  });
  const events = here.change ? await stage.events(here.change) : [];
  const source = here.change ? await stage.document(here.change, 'source') : {};
  const answer = await stage.ask();
  terminal.line(terminal.bold('A promotion from staging'));
  claims.claim(
    `1.2.0 was verified in staging, and production ran another version: ${before.body}`,
    there.outcome === 'closed' && !before.body.includes('"version":"1.2.0"'),
    () => `${there.outcome}: ${before.body}`,
  );
  claims.claim(
    `the promotion is a change of its own: ${events.map(({ transition }) => transition.to).join(' → ')}`,
    events.at(-1)?.transition.to === 'closed',
    () => here.outcome,
  );
  claims.claim(
    `it brings ${there.change} of staging with its whole record, and nothing was built`,
    source['change'] === there.change && !here.result.jobs.some(({ id }) => id.endsWith('/build')),
    () => JSON.stringify(source),
  );
  claims.claim(
    `1.2.0 answers in production: ${answer.body}`,
    answer.body.includes('"version":"1.2.0"'),
    () => answer.body,
  );
}
