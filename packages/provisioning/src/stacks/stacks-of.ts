import type { Part } from '@tenant-delivery/domain';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment } from '../environment.ts';
import { inSignedOrder } from '../values.ts';
import { accountTemplate } from './account.ts';
import { foundationTemplate, operationsTemplate } from './foundation.ts';
import { networkTemplate } from './network.ts';
import { placeOf } from './place.ts';
import { provisioningTemplate } from './provisioning.ts';
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
  const place = placeOf(contract, name);
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
    if (place === undefined || provision === undefined) return [];
    const template = serviceTemplate({ place, service, agreement, provision }, rendered.roles);
    return [stack('services', `${name}-${service}`, template, parametersFromNetwork(agreement))];
  });
  const operations = operationsTemplate(contract, name, rendered); // CloudFormation takes no template without resources
  return [
    stack('administrator', 'account', accountTemplate(contract, rendered, region)),
    stack('administrator', `${name}-provisioning`, provisioningTemplate(contract, name, rendered)),
    stack('foundation', `${name}-foundation`, foundationTemplate(contract, name, rendered)),
    ...(Object.keys(operations.Resources).length > 0
      ? [stack('foundation', `${name}-operations`, operations)]
      : []),
    ...(place ? [stack('network', `${name}-network`, networkTemplate(place))] : []),
    ...services,
  ];
}
