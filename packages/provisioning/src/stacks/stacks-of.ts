import type { Part } from '@tenant-delivery/domain';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment } from '../environment.ts';
import { environmentOf, inSignedOrder } from '../values.ts';
import { accountTemplate } from './account.ts';
import { type AdoptedStack, adoptedNetwork, adoptedService } from './adopted-stacks.ts';
import { backupsTemplate } from './backups.ts';
import { foundationTemplate, operationsTemplate } from './foundation.ts';
import { networkTemplate } from './network.ts';
import { networkedEnvironment } from './networked-environment.ts';
import { provisioningTemplate } from './provisioning.ts';
import { recoveryTemplate } from './recovery.ts';
import { parametersFromNetwork, serviceTemplate } from './service.ts';
import type { Template } from './template.ts';

export interface Stack {
  readonly name: string;
  /** Where it is made: the environment's region, or the one that recovers it. */
  readonly region: string;
  /** Which change covers it. What is the administrator's is made by hand, and no workflow changes it. */
  readonly part: Part | 'administrator';
  readonly template: Template;
  /** The output of the network stack that each of its parameters takes. */
  readonly takes: Readonly<Record<string, string>>;
  /** What of it is there already, by its name in the template; absent where all of it is made. */
  readonly adopts?: AdoptedStack['adopts'];
}

/**
 * The stacks of an environment in the order in which they are made. Network and services are among them when the contract
 * asks for them; without that they are made by other means.
 */
export function stacksOf(
  given: TenantContract,
  name: string,
  rendered: RenderedEnvironment,
): readonly Stack[] {
  const contract = inSignedOrder(given);
  const place = networkedEnvironment(contract, name);
  const region = contract.environments[name]?.region ?? '';
  const stack = (part: Stack['part'], called: string, template: Template, takes: Stack['takes'] = {}) => ({
    name: `td-${contract.id}-${called}`,
    region,
    part,
    template,
    takes,
  });
  const services = Object.entries(place?.environment.services ?? {}).flatMap(([service, agreement]) => {
    const { provision } = agreement;
    if (place === undefined || provision === undefined || place.environment.adopt) return [];
    const template = serviceTemplate({ place, service, agreement, provision }, rendered.roles);
    return [stack('services', `${name}-${service}`, template, parametersFromNetwork(agreement))];
  });
  const operations = operationsTemplate(contract, name, rendered); // CloudFormation takes no template without resources
  return [
    stack('administrator', 'account', accountTemplate(contract, rendered, region)),
    stack('administrator', `${name}-provisioning`, provisioningTemplate(contract, name, rendered)),
    ...recoveryStacks(contract, name, rendered).map(({ called, where, template }) => ({
      ...stack('administrator', called, template),
      region: where,
    })),
    stack('foundation', `${name}-foundation`, foundationTemplate(contract, name, rendered)),
    ...(Object.keys(operations.Resources).length > 0
      ? [stack('foundation', `${name}-operations`, operations)]
      : []),
    ...(place && !place.environment.adopt
      ? [stack('network', `${name}-network`, networkTemplate(place))]
      : []),
    ...services,
    ...adoptedStacks(contract, name).map(({ part, called, template, adopts }) => ({
      ...stack(part, called, template),
      adopts,
    })),
  ];
}

/** Stacks of what is there, where the contract says that it is adopted. */
function adoptedStacks(contract: TenantContract, name: string) {
  const { adopt, services } = environmentOf(contract, name);
  if (!adopt) return [];
  return [
    { part: 'network' as const, called: `${name}-network`, ...adoptedNetwork(contract, name) },
    ...Object.entries(services).map(([service, agreement]) => ({
      part: 'services' as const,
      called: `${name}-${service}`,
      ...adoptedService(contract, name, service, agreement),
    })),
  ];
}

/** What recovers an environment: copies in the other region first, then what is copied there. */
function recoveryStacks(contract: TenantContract, name: string, rendered: RenderedEnvironment) {
  const { recovery, region } = environmentOf(contract, name);
  if (recovery === undefined) return [];
  return [
    {
      called: `${name}-recovery`,
      where: recovery.region,
      template: recoveryTemplate(contract, name, recovery, rendered.vault),
    },
    { called: `${name}-backups`, where: region, template: backupsTemplate(contract, name, recovery) },
  ];
}
