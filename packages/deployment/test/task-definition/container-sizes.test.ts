import { expect, test } from '@jest/globals';
import { containerSizes, type SizeWish } from '../../src/task-definition/container-sizes.ts';

type Sizes = { readonly cpu?: string | number; readonly memory?: string | number };

function aTask(task: Sizes, app: Sizes, sidecar: Sizes = {}, fargate = true) {
  return {
    ...(fargate && { requiresCompatibilities: ['FARGATE'] }),
    ...task,
    containerDefinitions: [
      { name: 'app', ...app },
      { name: 'proxy', ...sidecar },
    ],
  };
}

test.each<[string, ReturnType<typeof aTask>, SizeWish, Sizes, Sizes]>([
  ['has what is asked for', aTask({ cpu: '256', memory: '512' }, { cpu: 256 }), { cpu: 256 }, {}, {}],
  [
    'fits into the task as it is',
    aTask({ cpu: '512', memory: '1024' }, { cpu: 128 }),
    { cpu: 256 },
    { cpu: 256 },
    {},
  ],
  [
    'outgrows the task',
    aTask({ cpu: '256', memory: '512' }, { cpu: 128 }),
    { cpu: 300 },
    { cpu: 300 },
    { cpu: '512', memory: '1024' },
  ],
  [
    'filled the task and grows',
    aTask({ cpu: '256', memory: '512' }, { memory: 512 }),
    { memory: 1024 },
    { memory: 1024 },
    { memory: '1024' },
  ],
  [
    'filled the task and shrinks',
    aTask({ cpu: '512', memory: '2 GB' }, { memory: 2048 }),
    { memory: 1024 },
    { memory: 1024 },
    { memory: '1024' },
  ],
  [
    'stands beside one that reserves',
    aTask({ cpu: '256', memory: '1024' }, { memory: 512 }, { memory: 512 }),
    { memory: 1024 },
    { memory: 1024 },
    { memory: '2048' },
  ],
  [
    'asks for more memory than such a CPU has',
    aTask({ cpu: '256', memory: '512' }, {}),
    { memory: 4096 },
    { memory: 4096 },
    { cpu: '512', memory: '4096' },
  ],
  [
    'runs on instances',
    aTask({ cpu: '200', memory: '500' }, {}, {}, false),
    { cpu: 300 },
    { cpu: 300 },
    { cpu: '300' },
  ],
  ['has a task without a size', aTask({}, {}, {}, false), { memory: 300 }, { memory: 300 }, {}],
])('a container that %s', (_, document, wish, container, task) => {
  const sizes = containerSizes(document, 'app', wish);
  const expected = Object.keys(container).length === 0 ? {} : { containerDefinitions: { app: container } };
  expect(sizes).toEqual({ ...task, ...expected });
});
