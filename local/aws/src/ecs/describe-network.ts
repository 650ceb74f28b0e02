import type { NetworkConfiguration } from '@aws-sdk/client-ecs';
import type { RevisionSettings } from './state.ts';

export function describeNetwork(settings: RevisionSettings): NetworkConfiguration {
  return {
    awsvpcConfiguration: {
      subnets: settings.subnets.map(({ id }) => id),
      securityGroups: [...settings.securityGroups],
      assignPublicIp: settings.assignPublicIp,
    },
  };
}
