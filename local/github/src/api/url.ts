import type { World } from '../world/world.ts';

/** `GITHUB_API_URL`: the path that GitHub Enterprise Server uses, apart from the web pages' names. */
export function apiOf(world: World): string {
  return `${world.url}/api/v3`;
}
