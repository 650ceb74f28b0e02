import { partitionOf } from '../../world/partition.ts';
import type { World } from '../../world/world.ts';
import type { Making } from '../resource-type.ts';
import type { Input, Stack } from '../state.ts';
import type { Scope } from '../template/intrinsics.ts';
import { parameterValue } from '../template/parameters.ts';
import { invalid } from '../template/refusals.ts';
import type { Template } from '../template/template.ts';
import { resourceTypes } from '../types/index.ts';

interface Told {
  readonly account: string;
  readonly region: string;
  readonly stack: Pick<Stack, 'id' | 'name'>;
  readonly template: Template;
  readonly parameters: Input['parameters'];
}

/** Parameters and pseudo parameters; `resource` answers for everything else. */
export function scopeOf({ account, region, stack, template, parameters }: Told, resource: Scope): Scope {
  const { partition, suffix } = partitionOf(region);
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': account,
    'AWS::NoValue': undefined,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': suffix,
  };
  return {
    ref: (name) => {
      if (name in pseudo) return pseudo[name];
      const parameter = template.parameters[name];
      return parameter ? parameterValue(parameter, parameters[name] ?? '') : resource.ref(name);
    },
    att: resource.att,
  };
}

/** Resources of a stack that are there, with their attributes as they are now. */
export function resourcesOf(world: World, stack: Stack, making: (logicalId: string) => Making): Scope {
  const idOf = (name: string) => {
    const id = stack.resources[name]?.physicalId;
    if (id === undefined) throw invalid(`${name} of ${stack.name} is not there`);
    return id;
  };
  return {
    ref: idOf,
    att: (name, attribute) => {
      const id = idOf(name);
      const type = resourceTypes.get(stack.resources[name]?.type ?? '');
      const made = making(name);
      const value =
        type?.attributes?.(world, id, made)[attribute] ?? type?.read(world, id, made)?.[attribute];
      if (value === undefined) throw new Error(`local-aws has no attribute ${attribute} of ${type?.type}`);
      return value;
    },
  };
}
