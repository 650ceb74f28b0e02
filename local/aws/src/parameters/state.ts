import type { World } from '../world/world.ts';
import { nameMistakes } from './rules.ts';

/** A parameter of Systems Manager. */
export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly description: string | undefined;
}

export interface ParameterSeed {
  readonly name: string;
  readonly value: string;
  readonly type?: Parameter['type'];
  readonly description?: string;
}

/** By name. */
export function parametersOf(world: World, account: string, region: string): Record<string, Parameter> {
  return world.state<Record<string, Parameter>>('ssm', account, region, () => ({}));
}

/** Makes a parameter, `SecureString` unless said otherwise; one that exists is kept. */
export function seedParameter(
  world: World,
  account: string,
  region: string,
  { name, value, type = 'SecureString', description }: ParameterSeed,
): { readonly arn: string } {
  const [wrong] = nameMistakes(name);
  if (wrong !== undefined) throw new Error(`no parameter ${name}: ${wrong}`);
  const parameters = parametersOf(world, account, region);
  const parameter: Parameter = parameters[name] ?? {
    name,
    arn: `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    type,
    value,
    version: 1,
    modifiedAt: world.clock.now(),
    description,
  };
  parameters[name] = parameter;
  world.touched();
  return { arn: parameter.arn };
}

/** By name or ARN, as a container definition and GetParameters name one. */
export function findParameter(
  parameters: Readonly<Record<string, Parameter>>,
  id: string,
): Parameter | undefined {
  return Object.values(parameters).find(({ name, arn }) => id === name || id === arn);
}
