/** What a container takes as a secret, by the words of its task definition. */
export type SecretReference =
  | {
      readonly kind: 'secret';
      /** ARN without what follows the name, or a name. */
      readonly id: string;
      readonly account: string | undefined;
      readonly region: string | undefined;
      /** Key of a JSON value; whether the value has it is not looked at, because values are not read. */
      readonly key: string | undefined;
      readonly stage: string | undefined;
      readonly version: string | undefined;
    }
  | {
      readonly kind: 'parameter';
      /** Names under which it may be found: an ARN does not tell `x` from `/x`. */
      readonly names: readonly string[];
      readonly account: string | undefined;
      readonly region: string | undefined;
    }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * `valueFrom` of a secret ("Specifying sensitive data", Amazon ECS Developer Guide): the ARN of a secret with an optional
 * `:json-key:version-stage:version-id`, or the ARN or the name of a parameter.
 */
export function parseSecretReference(valueFrom: string): SecretReference {
  if (!valueFrom.startsWith('arn:')) {
    return valueFrom === ''
      ? { kind: 'unreadable', problem: 'is empty' }
      : { kind: 'parameter', names: [withoutSelector(valueFrom)], account: undefined, region: undefined };
  }
  const [, partition = '', service, region = '', account = '', ...rest] = valueFrom.split(':');
  if (service === 'ssm') {
    const path = /^parameter\/(.+)$/.exec(rest[0] ?? '')?.[1];
    if (!path) return { kind: 'unreadable', problem: 'names no parameter' };
    return {
      kind: 'parameter',
      names: path.includes('/') ? [`/${path}`] : [path, `/${path}`],
      account,
      region,
    };
  }
  if (service !== 'secretsmanager') {
    return { kind: 'unreadable', problem: 'is no ARN of Secrets Manager or the Parameter Store' };
  }
  const [type, name, key, stage, version, ...more] = rest;
  if (type !== 'secret' || !name) return { kind: 'unreadable', problem: 'names no secret' };
  if (more.length > 0) {
    return { kind: 'unreadable', problem: 'has more after the name than a key, a stage and a version' };
  }
  if (stage && version) {
    return { kind: 'unreadable', problem: 'names a stage and a version; only one of them can be named' };
  }
  return {
    kind: 'secret',
    id: `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}`,
    account,
    region,
    key: key || undefined,
    stage: stage || undefined,
    version: version || undefined,
  };
}

/** Credentials of a private registry are a secret, by ARN or by name. */
export function parseRegistryCredentials(parameter: string): SecretReference {
  if (parameter.startsWith('arn:')) return parseSecretReference(parameter);
  return parameter === ''
    ? { kind: 'unreadable', problem: 'is empty' }
    : {
        kind: 'secret',
        id: parameter,
        account: undefined,
        region: undefined,
        key: undefined,
        stage: undefined,
        version: undefined,
      };
}

/** `name:3` is version 3 of a parameter. */
function withoutSelector(name: string): string {
  return name.split(':')[0] ?? name;
}
