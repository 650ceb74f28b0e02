import type { FixedCosts } from '@tenant-delivery/provisioning/plan/plan';

const WORDS: Readonly<Record<keyof FixedCosts, readonly [one: string, many: string]>> = {
  natGateways: ['NAT gateway', 'NAT gateways'],
  addresses: ['address', 'addresses'],
  vpnConnections: ['VPN connection', 'VPN connections'],
  interfaceEndpoints: ['interface endpoint (in each zone)', 'interface endpoints (each in each zone)'],
  loadBalancers: ['load balancer', 'load balancers'],
  keys: ['key of KMS', 'keys of KMS'],
};

/** `2 NAT gateways, 2 addresses.` Counts alone: prices are AWS's, and differ by region. Tasks are counted by nobody. */
export function sayCosts(costs: FixedCosts, tasks: boolean): string {
  const kinds = Object.keys(WORDS) as (keyof FixedCosts)[]; // its own keys
  const said = kinds.flatMap((kind) => {
    const count = costs[kind];
    return count === 0 ? [] : [`${count} ${WORDS[kind][count === 1 ? 0 : 1]}`];
  });
  if (tasks) said.push('the tasks, while they run');
  return said.length === 0 ? 'none.' : `${said.join(', ')}.`;
}
