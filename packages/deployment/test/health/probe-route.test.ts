import { expect, test } from '@jest/globals';
import { type BalancerFront, type BalancerRule, probeRoute } from '../../src/health/probe-route.ts';

const OURS = 'arn:ours';
const DNS = 'internal-acme-1.eu-west-1.elb.amazonaws.com';

const on = (field: string, ...values: string[]) => ({ field, values });
const paths = (...values: string[]) => on('path-pattern', ...values);
const hosts = (...values: string[]) => on('host-header', ...values);
const to = (group: string, weight = 1) => ({ group, weight });

function rule(
  priority: string,
  conditions: BalancerRule['conditions'],
  ...forwards: BalancerRule['forwards']
) {
  return { priority, conditions, forwards };
}

function front(rules: readonly BalancerRule[], protocol = 'HTTP', port = 80): BalancerFront {
  return { name: 'acme', scheme: 'internal', dnsName: DNS, listeners: [{ port, protocol, rules }] };
}

const answer404 = rule('default', []);

test.each<[string, readonly BalancerRule[], string, object]>([
  [
    'a default rule takes everything',
    [rule('default', [], to(OURS))],
    '/healthz',
    { name: DNS, path: '/healthz' },
  ],
  [
    'a path inside the pattern',
    [rule('10', [paths('/orders/*')], to(OURS)), answer404],
    '/orders/1',
    { name: DNS },
  ],
  [
    'a host that the rule names',
    [rule('10', [hosts('*.acme', 'Orders.acme')], to(OURS))],
    '/',
    { name: 'Orders.acme' },
  ],
  [
    'a host that fits its pattern',
    [rule('10', [hosts('*.acme.internal')], to(OURS))],
    '/',
    { name: 'probe.acme.internal' },
  ],
  [
    'rules before it that do not take it',
    [rule('5', [paths('/cart/*')], to('x')), rule('default', [], to(OURS))],
    '/a',
    {},
  ],
  ['a group of a pair that gets nothing', [rule('default', [], to(OURS, 100), to('x', 0))], '/a', {}],
])('leads to the group by %s', (_, rules, path, route) => {
  expect(probeRoute(front(rules), OURS, path)).toMatchObject({
    kind: 'route',
    route: { host: DNS, port: 80, tls: false, ...route },
  });
});

test.each<[string, readonly BalancerRule[], string]>([
  [
    'elsewhere',
    [rule('10', [paths('/orders/*')], to(OURS)), answer404],
    'takes /orders/*, and the probe asks for /a',
  ],
  [
    'elsewhere',
    [rule('5', [paths('/a*')], to('x')), rule('default', [], to(OURS))],
    'rule 5 takes /a before',
  ],
  ['elsewhere', [rule('5', [paths('/A?', '/a')]), rule('default', [], to(OURS))], 'rule 5 takes /a before'],
  [
    'cannot',
    [rule('5', [on('source-ip', '10.0.0.0/8')], to('x')), rule('default', [], to(OURS))],
    'may take the request',
  ],
  ['cannot', [rule('5', [on('http-header', 'x')], to(OURS))], 'asks for http-header'],
  ['cannot', [rule('5', [paths()], to(OURS))], 'asks for path-pattern'],
  ['cannot', [rule('default', [], to(OURS, 90), to('x', 10))], 'shares its requests'],
  ['cannot', [rule('default', [], to(OURS, 0))], 'sends no requests'],
  ['cannot', [rule('default', [], to('x'))], 'no HTTP or HTTPS listener of acme'],
])('is %s where the answer could be of another service: %j', (kind, rules, why) => {
  expect(probeRoute(front(rules), OURS, '/a')).toMatchObject({ kind, why: expect.stringContaining(why) });
});

test('TLS is spoken to a listener that wants it, and a listener of another protocol is none', () => {
  const rules = [rule('default', [], to(OURS))];
  expect(probeRoute(front(rules, 'HTTPS', 443), OURS, '/')).toMatchObject({
    route: { tls: true, port: 443 },
  });
  expect(probeRoute(front(rules, 'TCP'), OURS, '/')).toMatchObject({ kind: 'cannot' });
});

test('a pattern of many stars is judged at once', () => {
  const slow = [rule('10', [paths(`/${'*a'.repeat(40)}b`)], to(OURS))];
  expect(probeRoute(front(slow), OURS, `/${'a'.repeat(190)}`)).toMatchObject({ kind: 'elsewhere' });
});
