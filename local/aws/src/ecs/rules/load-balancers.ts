import { repeated } from './definition.ts';
import { definitionIn, OF_SERVICES, requestRules } from './requested.ts';

const MOST = 5;

export const loadBalancerRules = [
  ...requestRules('LoadBalancer - Amazon Elastic Container Service API Reference', [
    {
      operations: OF_SERVICES,
      says: 'A load balancer is given by its target group or, an old one, by its name.',
      *mistakes({ loadBalancers = [] }) {
        for (const { targetGroupArn, loadBalancerName } of loadBalancers)
          if (targetGroupArn !== undefined && loadBalancerName !== undefined)
            yield 'loadBalancerName and targetGroupArn cannot both be specified.';
      },
      shownBy: [{ loadBalancers: [{ targetGroupArn: 'arn:aws:x', loadBalancerName: 'classic' }] }],
    },
    {
      operations: OF_SERVICES,
      says: 'With awsvpc an old load balancer serves nothing.',
      *mistakes(input, call) {
        const awsvpc = definitionIn(input, call)?.content.networkMode === 'awsvpc';
        if (
          awsvpc &&
          (input.loadBalancers ?? []).some(({ loadBalancerName }) => loadBalancerName !== undefined)
        )
          yield 'Classic Load Balancers are not supported with Fargate.';
      },
    },
    {
      operations: OF_SERVICES,
      says: 'A balanced container has one mapping for the port that is balanced.',
      *mistakes(input, call) {
        const containers = definitionIn(input, call)?.content.containerDefinitions ?? [];
        for (const { containerName, containerPort } of input.loadBalancers ?? []) {
          const container = containers.find(({ name }) => name === containerName);
          const ports = (container?.portMappings ?? []).map((mapping) => mapping.containerPort);
          if (repeated(ports).includes(containerPort))
            yield `Container port ${containerPort} is used in more than one port mapping for container ${containerName}`;
        }
      },
    },
  ]),
  ...requestRules('Amazon ECS endpoints and quotas', [
    {
      operations: OF_SERVICES,
      says: 'A service has at most 5 target groups.',
      *mistakes({ loadBalancers = [] }) {
        if (loadBalancers.length > MOST) yield `load balancers can have at most ${MOST} items.`;
      },
      shownBy: [
        { loadBalancers: Array.from({ length: 6 }, (_, at) => ({ targetGroupArn: `arn:aws:${at}` })) },
      ],
    },
    {
      operations: OF_SERVICES,
      says: 'A service has at most 1 service registry.',
      *mistakes({ serviceRegistries = [] }) {
        if (serviceRegistries.length > 1) yield 'service registries can have at most 1 items.';
      },
      shownBy: [{ serviceRegistries: [{ registryArn: 'arn:aws:1' }, { registryArn: 'arn:aws:2' }] }],
    },
  ]),
];
