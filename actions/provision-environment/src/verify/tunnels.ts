import { logicalId } from '@tenant-delivery/provisioning/stacks/template';
import type { Applying } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';

/** A tunnel of a link to the customer. */
export interface Tunnel {
  readonly link: string;
  readonly outside: string;
  readonly up: boolean;
}

/** The links that the contract agrees on, with what is told of their tunnels. */
export interface Links {
  readonly tunnels: readonly Tunnel[];
  /** Links without a tunnel that is up, also because none is told of. */
  readonly linksDown: readonly string[];
}

/** Looks at each link of the contract. It carries traffic as soon as one of its tunnels is up. */
export async function lookAtLinks(world: VerifyWorld, { admission, plan }: Applying): Promise<Links> {
  const agreed = Object.keys(admission.environment.network?.links ?? {});
  if (plan.part !== 'network' || agreed.length === 0) return { tunnels: [], linksDown: [] };
  const { network } = stackNames(admission);
  const resources = await world.stacks(admission.target.region).resources(network);
  const found = await Promise.all(
    agreed.map(async (name) => {
      const link = logicalId('vpn', name);
      const id = resources.find((each) => each.logicalId === link)?.id;
      const tunnels = id === undefined ? [] : await world.tunnels.tunnels(id);
      return { link, tunnels: tunnels.map(({ outside, up }): Tunnel => ({ link, outside, up })) };
    }),
  );
  return {
    tunnels: found.flatMap(({ tunnels }) => tunnels),
    linksDown: found.filter(({ tunnels }) => !tunnels.some(({ up }) => up)).map(({ link }) => link),
  };
}
