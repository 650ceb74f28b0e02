import { expect, test } from '@jest/globals';
import { lintContracts } from '../src/lint.ts';
import { acme } from './contracts.ts';

const LINKS = {
  hq: { peer: '203.0.113.10', asn: 65_010, routing: 'bgp' as const, cidrs: ['192.168.0.0/16'] },
};

/** What is said of ranges that acme's environments share, where these of them have links. */
function shared(cidrs: Readonly<Record<string, string>>, linked: readonly string[]): readonly string[] {
  const { environments, ...contract } = acme();
  const changed = Object.entries(environments).map(([name, environment]) => [
    name,
    {
      ...environment,
      vpc: { cidr: cidrs[name] ?? '' },
      network: {
        layers: {},
        nat: { per: 'zone', cidrs: [] },
        endpoints: { layer: 'app', services: [] },
        balancer: { layer: 'edge' },
        flowLogDays: 30,
        ...(linked.includes(name) && { links: LINKS }),
      },
    },
  ]);
  const file = { file: 'acme.yaml', contract: { ...contract, environments: Object.fromEntries(changed) } };
  return lintContracts([file], 0).filter((problem) => problem.includes('both have links'));
}

test('names a range that the customer could not route to', () => {
  expect(shared({ prod: '10.20.0.0/16', staging: '10.20.128.0/17' }, ['prod', 'staging'])).toEqual([
    'acme.yaml: environments.staging.vpc.cidr: 10.20.128.0/17 overlaps 10.20.0.0/16 of prod; both have links to the customer, who could route to one of them alone, so give one another range',
  ]);
});

test('lets environments have one range where one of them has no link, and ranges of their own where both have', () => {
  expect(shared({ prod: '10.20.0.0/16', staging: '10.20.0.0/16' }, ['prod'])).toEqual([]);
  expect(shared({ prod: '10.20.0.0/16', staging: '10.21.0.0/16' }, ['prod', 'staging'])).toEqual([]);
});
