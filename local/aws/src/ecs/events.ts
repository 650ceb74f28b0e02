import type { ServiceState } from './state.ts';

const KEPT = 100;
const SIX_HOURS = 6 * 3_600_000;
const STEADY = 'has reached a steady state.';

/**
 * Adds a service event, newest first. An identical message is suppressed for six hours, or until the service was
 * steady in between ("Amazon ECS service event messages"): silence proves nothing.
 */
export function say(service: ServiceState, text: string, at: { now: number; id: string }): void {
  const message = `(service ${service.name}) ${text}`;
  const earlier = service.events.findIndex((event) => event.message === message);
  const resolved = service.events.findIndex((event) => event.message.endsWith(STEADY));
  const event = service.events[earlier];
  const still = event !== undefined && at.now - event.createdAt < SIX_HOURS;
  if (still && !text.endsWith(STEADY) && (resolved === -1 || resolved > earlier)) return;
  service.events = [{ id: at.id, createdAt: at.now, message }, ...service.events].slice(0, KEPT);
}

export function saySteady(service: ServiceState, at: { now: number; id: string }): void {
  say(service, STEADY, at);
}
