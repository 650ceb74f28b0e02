import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { elbv2Fronts } from '../src/elb/fronts.ts';
import { clientConfig } from '../src/session/client-config.ts';

/** Answers by operation, and by the marker of the page. */
let answers: Readonly<Record<string, string>> = {};
const server = createServer((request, response) => {
  let form = '';
  request.on('data', (chunk: Buffer) => {
    form += chunk.toString();
  });
  request.on('end', () => {
    const asked = new URLSearchParams(form);
    const operation = asked.get('Action') ?? '';
    const result = answers[`${operation}${asked.get('Marker') ?? ''}`] ?? '';
    response.end(`<R><${operation}Result>${result}</${operation}Result></R>`);
  });
});
const kept = process.env['AWS_ENDPOINT_URL'];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
});
afterAll(() => {
  if (kept === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = kept;
  server.close();
});

function front() {
  const base = { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' };
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 'not-a-secret', sessionToken: 'a-token' };
  const credentials = async () => ({ ...keys, expiration: new Date(8e15) });
  return elbv2Fronts({ clientConfig: () => clientConfig(base, credentials, 1) }, 'deploy').front('acme');
}

const BALANCER = `<LoadBalancers><member><LoadBalancerArn>arn:b</LoadBalancerArn><LoadBalancerName>acme</LoadBalancerName>
  <Scheme>internal</Scheme><DNSName>internal-acme</DNSName></member></LoadBalancers>`;
const LISTENER = `<Listeners><member><ListenerArn>arn:l</ListenerArn><Port>443</Port><Protocol>HTTPS</Protocol></member></Listeners>`;
const rule = (priority: string, conditions: string, action: string) =>
  `<member><Priority>${priority}</Priority><Conditions>${conditions}</Conditions><Actions><member>${action}</member></Actions></member>`;
const values = (...texts: string[]) =>
  `<Values>${texts.map((text) => `<member>${text}</member>`).join('')}</Values>`;

it('reads rules of every page, by priority, with conditions and weights however AWS writes them', async () => {
  const paths = `<member><Field>path-pattern</Field>${values('/a')}<PathPatternConfig>${values('/a', '/b')}</PathPatternConfig></member>`;
  const old = `<member><Field>host-header</Field>${values('a.b')}</member>`;
  const regular = `<member><Field>path-pattern</Field><PathPatternConfig><RegexValues><member>^/x</member></RegexValues></PathPatternConfig></member>`;
  const weighted = `<Type>forward</Type><ForwardConfig><TargetGroups><member><TargetGroupArn>arn:g</TargetGroupArn><Weight>0</Weight></member>
    <member><TargetGroupArn>arn:h</TargetGroupArn></member></TargetGroups></ForwardConfig>`;
  const plain = '<Type>forward</Type><TargetGroupArn>arn:g</TargetGroupArn>';
  answers = {
    DescribeLoadBalancers: BALANCER,
    DescribeListeners: LISTENER,
    DescribeRules: `<Rules>${rule('default', '', '<Type>redirect</Type>')}${rule('20', paths, weighted)}</Rules><NextMarker>2</NextMarker>`,
    DescribeRules2: `<Rules>${rule('3', old, plain)}${rule('4', regular, plain)}</Rules>`,
  };
  expect(await front()).toEqual({
    name: 'acme',
    scheme: 'internal',
    dnsName: 'internal-acme',
    listeners: [
      {
        port: 443,
        protocol: 'HTTPS',
        rules: [
          {
            priority: '3',
            conditions: [{ field: 'host-header', values: ['a.b'] }],
            forwards: [{ group: 'arn:g', weight: 1 }],
          },
          {
            priority: '4',
            conditions: [{ field: 'path-pattern', values: [] }],
            forwards: [{ group: 'arn:g', weight: 1 }],
          },
          {
            priority: '20',
            conditions: [{ field: 'path-pattern', values: ['/a', '/b'] }],
            forwards: [
              { group: 'arn:g', weight: 0 },
              { group: 'arn:h', weight: 1 },
            ],
          },
          { priority: 'default', conditions: [], forwards: [] },
        ],
      },
    ],
  });
});

it('takes a listener whose rules nobody could read for no answer', async () => {
  answers = { DescribeLoadBalancers: BALANCER, DescribeListeners: LISTENER };
  await expect(front()).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
});
