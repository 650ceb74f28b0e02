/** The address of the console in each partition ("Service endpoints", AWS General Reference). */
const CONSOLES: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `https://${region}.console.aws.amazon.com`,
  'aws-us-gov': () => 'https://console.amazonaws-us-gov.com',
  'aws-cn': () => 'https://console.amazonaws.cn',
};

/**
 * The page of a service deployment in the console, from its ARN
 * (`arn:…:service-deployment/cluster/service/id`); `undefined` for a partition whose console we don't know.
 */
export function consoleLink(serviceDeployment: string): string | undefined {
  const [, partition = '', , region = '', , resource = ''] = serviceDeployment.split(':');
  const [kind, cluster, service, id] = resource.split('/');
  const host = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition]?.(region) : undefined;
  if (host === undefined || kind !== 'service-deployment' || !cluster || !service || !id) return undefined;
  if (!/^[a-z0-9-]+$/.test(region)) return undefined;
  const path = ['ecs', 'v2', 'clusters', cluster, 'services', service, 'deployments', id];
  return `${host}/${path.map(encodeURIComponent).join('/')}?region=${region}`;
}
