import type { Delivery, Stage } from './stage.ts';
import { ORDERS } from './stage.ts';

/** A customer's commit becomes a running service, and the change is closed. */
export async function firstDelivery(stage: Stage): Promise<Delivery> {
  const { claims, terminal } = stage;
  stage.mark();
  const delivery = await stage.deliver();
  const events = delivery.change ? await stage.events(delivery.change) : [];
  const states = events.map(({ transition }) => transition.to);
  terminal.line(terminal.bold('The first delivery'));
  claims.claim(
    `the change ${delivery.change} is closed: ${states.join(' → ')}`,
    states.at(-1) === 'closed',
    () => `the run ended ${delivery.result.conclusion}, outcome ${delivery.outcome}`,
  );
  const image = events.at(-1)?.subject;
  claims.claim(
    `one image runs through it: ${image?.name}@sha256:${image?.digest.sha256.slice(0, 12)}…`,
    image !== undefined,
  );
  claims.claim('exactly one UpdateService took effect', stage.effects('ecs', 'UpdateService') === 1, () =>
    String(stage.effects('ecs', 'UpdateService')),
  );
  const approved = events.find(({ transition }) => transition.to === 'approved');
  claims.claim(
    `approved by ${approved?.actor.login}, who is not dev-ana who pushed it`,
    approved !== undefined && approved.actor.login !== 'dev-ana',
    () => String(approved?.actor.login),
  );
  const health = states.includes('verified') ? await stage.document(delivery.change, 'health') : {};
  const zones = zonesOf(health['tasks']);
  claims.claim(
    `its tasks by zone: ${zones.map(([zone, tasks]) => `${zone} ${tasks}`).join(', ')}`,
    zones.length === 2,
    () => JSON.stringify(health),
  );
  const answer = await stage.ask();
  claims.claim(
    `${ORDERS.service} answers behind the internal balancer: ${answer.body}`,
    answer.status === 200 && answer.body.includes('"version":"1.0.0"'),
    () => `${answer.status} ${answer.body}`,
  );
  return delivery;
}

/** How many healthy tasks each zone has, by the health report. */
function zonesOf(tasks: unknown): readonly (readonly [string, number])[] {
  const zones = new Map<string, number>();
  for (const task of Array.isArray(tasks) ? tasks : []) {
    if (task.state === 'healthy') zones.set(task.zone, (zones.get(task.zone) ?? 0) + 1);
  }
  return [...zones].sort(([a], [b]) => a.localeCompare(b));
}
