import type { Drift, ResourceDrift } from '../ports.ts';

/** What deliveries and auto scaling change of a service, as they should. */
const OF_DELIVERIES: Readonly<Record<string, RegExp>> = {
  'AWS::ECS::Service': /^\/(TaskDefinition|DesiredCount)$/,
};

/** What differs from the template and should not, without what belongs to deliveries. */
export function drifted({ resources }: Pick<Drift, 'resources'>): readonly ResourceDrift[] {
  return resources.flatMap((resource) => {
    const own = OF_DELIVERIES[resource.type];
    if (!own || resource.status !== 'MODIFIED') return [resource];
    const properties = resource.properties.filter(({ path }) => !own.test(path));
    return properties.length === 0 ? [] : [{ ...resource, properties }];
  });
}

/** `Group of td-acme-prod-network (AWS::EC2::SecurityGroup) was modified: /GroupDescription is … instead of …` */
export function sayDrift(stack: string, { logicalId, type, status, properties }: ResourceDrift): string {
  const what = `${logicalId} of ${stack} (${type})`;
  if (status === 'DELETED') return `${what} was deleted`;
  if (status === 'UNKNOWN') return `whether ${what} was changed is not known`;
  const said = properties.map(
    ({ path, expected, actual }) => `${path} is ${actual || 'not there'}, not ${expected || 'absent'}`,
  );
  return `${what} was changed: ${said.join('; ')}`;
}
