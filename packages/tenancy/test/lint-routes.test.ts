import { expect, test } from '@jest/globals';
import type { EnvironmentContract } from '../src/contract.ts';
import { lintRoutes } from '../src/lint-routes.ts';
import type { NetworkAgreement, ServiceProvision } from '../src/network-agreement.ts';
import { acme } from './contracts.ts';

const NETWORK: NetworkAgreement = {
  layers: { edge: { cidrs: [], egress: 'none' }, app: { cidrs: [], egress: 'nat' } },
  nat: { per: 'zone', cidrs: [] },
  endpoints: { layer: 'app', services: [] },
  balancer: { layer: 'edge' },
  flowLogDays: 365,
};
const SOUND: ServiceProvision = {
  port: 8080,
  healthPath: '/health',
  route: { priority: 1, paths: ['/orders/*'] },
  size: { cpu: 256, memory: 512 },
  scaleOn: { cpu: 60 },
};

/** acme's production, with one service or two that are to be made. */
function made(orders: Partial<ServiceProvision>, billing?: Partial<ServiceProvision>): EnvironmentContract {
  const { prod } = acme().environments;
  const agreed = prod?.services['orders'];
  if (!prod || !agreed) throw new Error('acme has prod, with orders');
  const of = (provision: Partial<ServiceProvision>) => ({ ...agreed, provision: { ...SOUND, ...provision } });
  const services = { orders: of(orders), ...(billing && { billing: of(billing) }) };
  return { ...prod, services, network: NETWORK, probe: { image: 'base/node' } };
}

const route = (priority: number, paths?: string[], hosts?: string[]) => ({
  route: { priority, ...(paths && { paths }), ...(hosts && { hosts }) },
});

test('has nothing to say where each request has one service that answers', () => {
  expect(lintRoutes(made({}))).toEqual([]);
  expect(lintRoutes(made({}, route(2, ['/*'])))).toEqual([]);
  expect(lintRoutes(made(route(1, ['/*'], ['a.example']), route(2, ['/*'], ['b.example'])))).toEqual([]);
  expect(lintRoutes(made({ scaleOn: { memory: 1 }, size: { cpu: 16_384, memory: 122_880 } }))).toEqual([]);
});

const at = 'services.orders.provision';

test.each<readonly [string, EnvironmentContract, string]>([
  ['no network', { ...made({}), network: undefined }, `${at}: the environment has no network to make it in`],
  [
    'no placeholder',
    { ...made({}), probe: undefined },
    `${at}: it starts with the image of probe, which the environment does not name`,
  ],
  [
    'a layer that no image reaches',
    {
      ...made({}),
      network: { ...NETWORK, layers: { ...NETWORK.layers, app: { cidrs: [], egress: 'none' } } },
    },
    `${at}: the layer app has egress: none, so its tasks could not load their image, which comes from S3`,
  ],
  ['no way to it', made(route(1)), `${at}.route: name paths or hosts`],
  [
    'two services of one priority',
    made({}, route(1, ['/billing/*'])),
    'services.billing.provision.route.priority: 1 is the priority of orders too',
  ],
  [
    'a service that gets no request, because another one takes all',
    made(route(1, ['/*']), route(2, ['/billing/*'])),
    'services.billing.provision.route: orders comes first, with priority 1, and takes all of its requests; give this one a lower priority, or narrow the other',
  ],
  [
    'that of a host, too',
    made(route(1, undefined, ['*.example']), route(2, ['/billing/*'], ['shop.example'])),
    'services.billing.provision.route: orders comes first, with priority 1',
  ],
  [
    'processor time that Fargate does not have',
    made({ size: { cpu: 300, memory: 512 } }),
    `${at}.size.cpu: is 300; Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384, 32768`,
  ],
  [
    'memory that does not go with it, and the nearest that does',
    made({ size: { cpu: 512, memory: 1500 } }),
    `${at}.size.memory: is 1500; beside 512 of CPU, Fargate has 1024 to 4096 MiB in steps, such as 2048`,
  ],
  [
    'a range of tasks in which nothing moves',
    made({ scaleOn: {} }),
    `${at}.scaleOn: names nothing, so there would never be more than base 2; name cpu, memory or requests`,
  ],
  [
    'a port that the load balancer cannot reach',
    made({ port: 8081 }),
    `${at}.port: no edge of layerEdges leads from edge, where the load balancer is, to app with the port 8081; its tasks would never be healthy`,
  ],
])('names %s', (_, environment, problem) => {
  expect(lintRoutes(environment)).toEqual([expect.stringContaining(problem)]);
});

test('a port in a range is open', () => {
  const given = made({ port: 8081 });
  const layerEdges = given.layerEdges.map((edge) => ({ ...edge, ports: ['8080-8090'] }));
  expect(lintRoutes({ ...given, layerEdges })).toEqual([]);
});
