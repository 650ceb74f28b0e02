import { judged } from '@tenant-delivery/action-kit/readable';
import type { EnvironmentContract } from './contract.ts';
import { lintLinks } from './lint-links.ts';
import { lintRanges, lintVpc } from './lint-ranges.ts';
import type { NetworkAgreement } from './network-agreement.ts';

/** What AWS would refuse of a network, or what would not work once it is made; every mistake at once. */
export function lintNetwork(environment: EnvironmentContract): readonly string[] {
  const { network } = environment;
  if (network === undefined) return [];
  const there = (place: 'endpoints' | 'balancer') => {
    const { layer } = network[place];
    return Object.hasOwn(network.layers, layer) ? [] : [`${place}.layer: there is no layer ${layer}`];
  };
  const own = judged(
    () => lintSameLayers(environment, network),
    () => there('endpoints'),
    () => there('balancer'),
    () => lintNames('layers', Object.keys(network.layers)),
    () => lintNames('links', Object.keys(network.links ?? {})),
    () => lintRanges(environment, network),
    () => lintLinks(environment, network),
  ).map((problem) => `network.${problem}`);
  return [...judged(() => lintVpc(environment, network)), ...own];
}

function lintSameLayers({ layers }: EnvironmentContract, network: NetworkAgreement): readonly string[] {
  const named = Object.keys(network.layers);
  return [
    ...named
      .filter((layer) => !Object.hasOwn(layers, layer))
      .map((layer) => `layers.${layer}: the contract has no such layer`),
    ...Object.keys(layers)
      .filter((layer) => !named.includes(layer))
      .map((layer) => `layers: ${layer} is missing`),
  ];
}

/** Layers and links whose resources in the network's template would have the names of others. */
const TAKEN = {
  layers: { public: 'the subnets of NAT gateways', endpoints: 'the group of the endpoints' },
  links: {
    gateway: 'the VPN gateway',
    'gateway-attachment': 'its attachment',
    routes: 'the routes that it spreads',
  },
} as const;

const NAME = /^[A-Za-z][\w.-]{0,60}$/; // groups and tags of EC2 take more, names in a template do not

function lintNames(of: keyof typeof TAKEN, names: readonly string[]): readonly string[] {
  const taken: Readonly<Record<string, string>> = TAKEN[of];
  const plain = (name: string) => name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  return names.flatMap((name, at) => {
    const other = names.slice(0, at).find((before) => plain(before) === plain(name));
    return [
      ...(Object.hasOwn(taken, name)
        ? [`${of}.${name}: this is the name of ${taken[name]}; choose another`]
        : []),
      ...(NAME.test(name)
        ? []
        : [`${of}.${name}: must be 1 to 61 letters, digits and dashes, a letter first`]),
      ...(other === undefined
        ? []
        : [
            `${of}.${name}: has the same letters and digits as ${other}, by which a template tells them apart; choose another`,
          ]),
    ];
  });
}
