import type { Tag, TaskDefinition } from '@tenant-delivery/deployment/observed';
import type { Json } from '@tenant-delivery/domain';
import { nameOf, required } from '../errors/translate.ts';

/** A task definition from an answer's own JSON (Describe and Register answer alike), members unknown to the SDK included. */
export function taskDefinitionOf(answer: { readonly [member: string]: Json }): TaskDefinition {
  const document = objectOf(answer['taskDefinition'], 'taskDefinition');
  const text = (member: string) => {
    const value = document[member];
    return required(typeof value === 'string' ? value : undefined, `taskDefinition.${member}`);
  };
  const tags = answer['tags'];
  return {
    arn: text('taskDefinitionArn'),
    family: text('family'),
    active: text('status') === 'ACTIVE',
    document,
    tags: Array.isArray(tags) ? tags.map((tag: Json) => tagOf(objectOf(tag, 'tags[]'))) : [],
  };
}

function tagOf({ key, value }: { readonly [member: string]: Json }): Tag {
  return { key: String(required(key, 'tags[].key')), value: String(value ?? '') };
}

function objectOf(value: Json | undefined, what: string): { readonly [member: string]: Json } {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  return required(object as { readonly [member: string]: Json } | undefined, what); // neither a list nor null
}

/** ECS has no code of its own for this: a ClientException whose words are fixed. */
export function isUnknownTaskDefinition(cause: unknown): boolean {
  return nameOf(cause) === 'ClientException' && /Unable to describe task definition/i.test(String(cause));
}
