import type { GrammarMistake } from './mistake.ts';

const PARTITION = /^(\*|aws|aws-cn|aws-us-gov|aws-iso(-[a-z])?|aws-eusc)$/;

/** What an ARN of IAM may name. */
export const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
] as const;

/** "IAM JSON policy elements: Resource": an ARN or `*`; no wildcard stands for the service. */
export function* resourceMistakes(value: string): Iterable<GrammarMistake> {
  if (value === '*') return;
  const plain = value.replace(/\$\{[^}]*\}/g, 'variable'); // a policy variable has colons of its own
  const [arn, partition = '', service = '', region, account, ...rest] = plain.split(':');
  const flaw = (wrong: (GrammarMistake & { kind: 'resource' })['wrong']) =>
    ({ kind: 'resource', value, wrong }) as const;
  if (arn !== 'arn' || !plain.includes(':')) yield flaw('no ARN');
  else if (!PARTITION.test(partition)) yield flaw('partition');
  else if (service === '' || /[*?]/.test(service) || account === undefined || rest.length === 0)
    yield flaw('vendor');
  else if (region !== '' && namesRegion(service, rest.join(':'))) yield flaw('region');
  else if (service === 'iam' && !isIamPath(rest.join(':'))) yield flaw('IAM path');
}

/** IAM is in no region, and S3's buckets are not named by one; its access points are. */
function namesRegion(service: string, resource: string): boolean {
  return service === 'iam' || (service === 's3' && !/^(accesspoint|job|storage-lens|\*)/.test(resource));
}

function isIamPath(resource: string): boolean {
  return /^[*]/.test(resource) || IAM_PATHS.some((path) => resource.startsWith(path));
}
