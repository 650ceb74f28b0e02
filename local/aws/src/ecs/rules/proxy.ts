import { containersOf, definitionRules, networkModeOf } from './definition.ts';
import { onEc2, onFargate } from './examples.ts';

const PROPERTIES = [
  { name: 'ProxyIngressPort', value: '15000' },
  { name: 'ProxyEgressPort', value: '15001' },
  { name: 'AppPorts', value: '8080' },
  { name: 'EgressIgnoredIPs', value: '169.254.170.2,169.254.169.254' },
  { name: 'IgnoredUID', value: '1337' },
];
const REQUIRED: Readonly<Record<string, string>> = {
  ProxyIngressPort: 'Ingress port not found',
  ProxyEgressPort: 'Egress port not found',
  AppPorts: 'App ports not found',
};

export const proxyRules = definitionRules(
  'ProxyConfiguration - Amazon Elastic Container Service API Reference',
  [
    {
      says: 'A proxy needs awsvpc, a container of the task, its ports, and a user or group whose traffic passes it.',
      *mistakes(input) {
        const { proxyConfiguration: proxy } = input;
        if (!proxy) return;
        const given = new Map((proxy.properties ?? []).map(({ name, value }) => [name, value]));
        if (networkModeOf(input) !== 'awsvpc')
          yield 'APPMESH proxy configuration is only supported in networkMode=awsvpc.';
        if (!containersOf(input).some(({ name }) => name === proxy.containerName))
          yield `Proxy container [${proxy.containerName}] does not exist`;
        for (const [property, words] of Object.entries(REQUIRED)) if (!given.get(property)) yield words;
        if (!given.get('IgnoredUID') && !given.get('IgnoredGID'))
          yield 'Either IgnoredUID or IgnoredGID must be specified for the proxy configuration';
      },
      shownBy: [
        onEc2({ proxyConfiguration: { type: 'APPMESH', containerName: 'orders', properties: PROPERTIES } }),
        onFargate({
          proxyConfiguration: { type: 'APPMESH', containerName: 'envoy', properties: PROPERTIES },
        }),
        onFargate({
          proxyConfiguration: { type: 'APPMESH', containerName: 'orders', properties: PROPERTIES.slice(1) },
        }),
        onFargate({
          proxyConfiguration: {
            type: 'APPMESH',
            containerName: 'orders',
            properties: PROPERTIES.slice(0, 4),
          },
        }),
      ],
    },
  ],
);
