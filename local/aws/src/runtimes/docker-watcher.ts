/**
 * Is a process of its own, beside a server that runs tasks as containers. When its input ends, the server is gone, whatever killed
 * it, and the containers, networks and images of its worlds go too.
 */
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { endBelongings } from './docker-belongings.ts';
import { engineAt } from './docker-engine.ts';

/** Milliseconds until it looks again: the engine may still make what the server asked for last. */
const AGAIN = [0, 2_000, 10_000];

const worlds = new Set<string>();
for await (const line of createInterface({ input: process.stdin })) {
  const [sign, world = ''] = line.split(' ');
  if (sign === '+') worlds.add(world);
  else worlds.delete(world);
}
const engine = engineAt(process.env['DOCKER_HOST'] || undefined);
for (const milliseconds of worlds.size > 0 ? AGAIN : []) {
  await passed(milliseconds);
  for (const world of worlds) await endBelongings(engine, world).catch(() => undefined); // the engine may be gone too
}
