import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment } from '../environment.ts';
import { accountTemplate } from './account.ts';
import { foundationTemplate, operationsTemplate } from './foundation.ts';
import { networkTemplate } from './network.ts';
import { placeOf } from './place.ts';
import { provisioningTemplate } from './provisioning.ts';
import { serviceTemplate } from './service.ts';
import type { Template } from './template.ts';

export interface Stack {
  readonly name: string;
  /** Where it is made: the environment's region, or the one that recovers it. */
  readonly region: string;
  readonly template: Template;
}

/**
 * The stacks of an environment in the order in which they are made. Network and services are among them when the contract
 * asks for them; without that they are made by other means.
 */
export function stacksOf(
  contract: TenantContract,
  name: string,
  rendered: RenderedEnvironment,
): readonly Stack[] {
  const place = placeOf(contract, name);
  const region = contract.environments[name]?.region ?? '';
  const stack = (called: string, template: Template) => ({
    name: `td-${contract.id}-${called}`,
    region,
    template,
  });
  const services = Object.entries(place?.environment.services ?? {}).flatMap(([service, agreement]) => {
    const { provision } = agreement;
    if (place === undefined || provision === undefined) return [];
    return [
      stack(`${name}-${service}`, serviceTemplate({ place, service, agreement, provision }, rendered.roles)),
    ];
  });
  const operations = operationsTemplate(contract, name, rendered); // CloudFormation takes no template without resources
  return [
    stack('account', accountTemplate(contract, rendered, region)),
    stack(`${name}-provisioning`, provisioningTemplate(contract, name, rendered)),
    stack(`${name}-foundation`, foundationTemplate(contract, name, rendered)),
    ...(Object.keys(operations.Resources).length > 0 ? [stack(`${name}-operations`, operations)] : []),
    ...(place ? [stack(`${name}-network`, networkTemplate(place))] : []),
    ...services,
  ];
}
