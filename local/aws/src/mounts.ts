import { balancer } from './balancer/proxy.ts';
import { registry } from './registry/index.ts';
import { layerAddresses } from './registry/layer-addresses.ts';
import { upstreamTokens } from './registry/upstream.ts';
import type { Mounted } from './server.ts';
import type { Behaviour } from './world/behaviour.ts';
import type { World } from './world/world.ts';

/** Paths that do not speak an AWS protocol, by prefix: the image registry, the sandbox's own pages. */
export const mounts: Readonly<Record<string, (world: World, behaviour: Behaviour) => Mounted>> = {
  '/_local/balancers/': balancer,
  '/_local/layers/': layerAddresses,
  '/_local/upstream/': upstreamTokens,
  '/v2': registry,
};
