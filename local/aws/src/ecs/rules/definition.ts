import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Rule } from '../../rules/rule.ts';
import type { Call } from '../../world/service.ts';

export type Definition = RegisterTaskDefinitionRequest;

/** One rule of a page about task definitions. */
interface DefinitionRule {
  readonly says: string;
  readonly mistakes: (input: Definition, call: Call) => Iterable<string>;
  readonly shownBy: readonly [Definition, ...Definition[]];
}

/** What one page says of task definitions. ECS answers what breaks it with a client exception. */
export function definitionRules(page: string, rules: readonly DefinitionRule[]): readonly Rule[] {
  return rules.map((rule) => ({
    ...rule,
    page,
    operations: ['RegisterTaskDefinition'],
    code: 'ClientException',
  }));
}

export const FARGATE = 'Amazon ECS task definition parameters for Fargate';
export const EC2 = 'Amazon ECS task definition parameters for Amazon EC2';

/** Whether ECS holds a task definition to what Fargate can run. */
export function needsFargate({ requiresCompatibilities }: Definition): boolean {
  return requiresCompatibilities?.includes('FARGATE') ?? false;
}

export function isWindows({ runtimePlatform }: Pick<Definition, 'runtimePlatform'>): boolean {
  return runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;
}

/** `bridge` unless the task definition says another one. */
export function networkModeOf({ networkMode }: Definition): string {
  return networkMode ?? 'bridge';
}

export function containersOf({ containerDefinitions }: Definition): readonly ContainerDefinition[] {
  return containerDefinitions ?? [];
}

/** What is there more than once, each named once. */
export function repeated<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}

/** Given, and more than nothing: ECS describes what is not there as an empty list or as false. */
export function isSet(value: unknown): boolean {
  const empty = Array.isArray(value) && value.length === 0;
  return value !== undefined && value !== false && value !== '' && !empty;
}
