import type { World } from '../world/world.ts';

/** The `iss` of identity tokens. GitHub Enterprise Server has its issuer at this path too. */
export function issuerOf(world: World): string {
  return `${world.url}/_services/token`;
}
