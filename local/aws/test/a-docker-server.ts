/** A server with two worlds: it says what they are called, and closes the first when it reads something. */

import { dockerRuntime } from '../src/runtimes/docker.ts';
import { worldsHere } from '../src/runtimes/docker-belongings.ts';
import { engineAt } from '../src/runtimes/docker-engine.ts';
import { localWorld } from '../src/world/local-world.ts';
import { manualClock } from '../src/world/manual-clock.ts';

const engine = engineAt(process.env['DOCKER_HOST']);
const worlds = [1, 2].map(() => {
  const world = localWorld({ clock: manualClock(), url: () => '', runtime: 'simulated' });
  dockerRuntime(world, engine);
  return world;
});
process.stdin.on('data', async () => {
  await worlds[0]?.close();
  console.log('closed');
});
console.log(worldsHere().join());
