import { ec2 } from '../../services/ec2.ts';
import { AwsError } from '../../world/service.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { text } from './values.ts';

/** A type that refuses, by name, properties of a template with which it does nothing. */
export function knowing(names: readonly string[], type: ResourceType): ResourceType {
  const check = ({ properties }: Making) => {
    const others = Object.keys(properties).filter((name) => !names.includes(name));
    if (others.length > 0)
      throw new AwsError(
        'NotImplemented',
        `local-aws does not know ${others.join(', ')} of ${type.type}.`,
        501,
      );
  };
  return {
    ...type,
    create: async (world, made) => {
      check(made);
      return type.create(world, made);
    },
    update: async (world, id, made, before) => {
      check(made);
      await type.update(world, id, made, before);
    },
  };
}

/** A property that is true or false; templates write it as text too. */
export function flag(properties: Properties, name: string): boolean | undefined {
  const value = text(properties, name);
  return value === undefined ? undefined : value === 'true';
}

/** Those members of a request that the template speaks of. */
export function given<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members; // the same members, without those that are undefined
}

/** Makes several steps of one resource. When one is refused, what was made goes again: the stack does not know it. */
export async function stepsOrUndo(
  steps: () => Promise<unknown>,
  undo: () => Promise<unknown>,
): Promise<void> {
  try {
    await steps();
  } catch (cause) {
    await undo().catch(() => {}); // what was refused is what is told
    throw cause;
  }
}

/** An operation of EC2, done by the role that acts for the stack. */
export function ask<Output extends object = object>(
  made: Making,
  operation: string,
  input: object,
): Promise<Output> {
  return made.perform<Output>(ec2, operation, given(input));
}
