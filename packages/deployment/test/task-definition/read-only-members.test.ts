import * as sdk from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { READ_ONLY_MEMBERS } from '../../src/task-definition/read-only-members.ts';

/** Member names of a structure in the SDK's own schemas: `[kind, namespace, name, traits, members, …]`. */
function membersOf(schema: unknown): readonly string[] {
  const members: unknown = Array.isArray(schema) ? schema[4] : undefined;
  if (!Array.isArray(members) || members.length === 0)
    throw new TypeError('the SDK keeps its schemas elsewhere now');
  return members.map(String);
}

test('leaves out exactly what AWS describes and does not take back', () => {
  const taken = new Set(membersOf(sdk.RegisterTaskDefinitionRequest$));
  const described = membersOf(sdk.TaskDefinition$);
  expect([...READ_ONLY_MEMBERS].sort()).toEqual(described.filter((name) => !taken.has(name)).sort());
});
