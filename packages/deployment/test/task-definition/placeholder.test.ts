import { expect, test } from '@jest/globals';
import { withoutPlaceholder } from '../../src/task-definition/placeholder.ts';

test('the command of a placeholder is left out, and no other command is', () => {
  const of = (...command: string[]) =>
    withoutPlaceholder({ family: 'f', containerDefinitions: [{ name: 'app', command }] });
  expect(of('node', '-e', '/* placeholder of tenant-delivery */require("node:http")')).toEqual({
    family: 'f',
    containerDefinitions: [{ name: 'app' }],
  });
  for (const own of [
    ['node', 'server.js'],
    ['sh', '-c', 'echo "/* placeholder of tenant-delivery */"'],
  ])
    expect(of(...own)).toEqual({ family: 'f', containerDefinitions: [{ name: 'app', command: own }] });
});
