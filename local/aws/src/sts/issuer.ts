import type { World } from '../world/world.ts';

/** The provider that IAM roles name; the local issuer plays it, so that trust policies are those of production. */
const GITHUB_PROVIDER = 'token.actions.githubusercontent.com';

interface Played {
  issuer?: string;
}

function played(world: World): Played {
  return world.state<Played>('oidc-issuer', '', '', () => ({}));
}

/** Says which local issuer's tokens count as GitHub's. */
export function trustIssuer(world: World, issuer: string): void {
  played(world).issuer = issuer.replace(/\/$/, '');
  world.touched();
}

/** The name under which accounts know the issuer of a token: GitHub's for the one that plays it, else its own. */
export function providerOf(world: World, issuer: string): string {
  if (issuer === played(world).issuer) return GITHUB_PROVIDER;
  return issuer.replace(/^https?:\/\//, '');
}
