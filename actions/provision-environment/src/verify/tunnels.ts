import type { Applying } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';

/** A tunnel of a link to the customer. */
export interface Tunnel {
  readonly link: string;
  readonly outside: string;
  readonly up: boolean;
}

/** The tunnels of every VPN connection of the network; none where the contract has no links. */
export async function tunnelsOf(
  world: VerifyWorld,
  { admission, plan }: Applying,
): Promise<readonly Tunnel[]> {
  if (plan.part !== 'network' || Object.keys(admission.environment.network?.links ?? {}).length === 0)
    return [];
  const { network } = stackNames(admission);
  const resources = await world.stacks(admission.target.region).resources(network);
  const found = await Promise.all(
    resources
      .filter(({ type }) => type === 'AWS::EC2::VPNConnection')
      .map(async ({ logicalId, id }) => {
        const tunnels = id === undefined ? [] : await world.tunnels.tunnels(id);
        return tunnels.map(({ outside, up }) => ({ link: logicalId, outside, up }));
      }),
  );
  return found.flat();
}

/** A link carries traffic as soon as one of its tunnels is up. */
export function linksDown(tunnels: readonly Tunnel[]): readonly string[] {
  const links = [...new Set(tunnels.map(({ link }) => link))];
  return links.filter((link) => !tunnels.some((tunnel) => tunnel.link === link && tunnel.up));
}
