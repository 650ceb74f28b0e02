import type { Delivery, Stage } from './stage.ts';

const CRASHES = `console.error('orders 2.0.0 cannot start: ORDERS_DB is not set');
process.exit(3);
`;

/** A release that dies at its start is noticed, explained and rolled back. */
export async function crashingRelease(stage: Stage): Promise<Delivery> {
  const { claims, terminal } = stage;
  const before = await stage.ask();
  await stage.commit('Read the database address from the environment', {
    'server.js': CRASHES,
    VERSION: '2.0.0\n',
  });
  const delivery = await stage.deliver();
  const log = delivery.result.jobs.map((job) => job.log).join('\n');
  const events = delivery.change ? await stage.events(delivery.change) : [];
  terminal.line(terminal.bold('A release that crashes at its start'));
  claims.claim('the run is red', delivery.result.conclusion === 'failure', () => delivery.result.conclusion);
  claims.claim(
    "its cause is shown with the service's own words",
    log.includes('cannot start: ORDERS_DB is not set'),
  );
  claims.claim('the exit code is named', /exit(ed)?( with)?( code)? 3\b/i.test(log));
  claims.claim('the change is recorded as rolled-back', events.at(-1)?.transition.to === 'rolled-back', () =>
    String(events.at(-1)?.transition.to),
  );
  const after = await stage.ask();
  claims.claim(
    `the old version still answers: ${after.body}`,
    after.status === 200 && after.body === before.body,
    () => `${after.status} ${after.body}`,
  );
  return delivery;
}
