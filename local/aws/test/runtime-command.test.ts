import { describe, expect, test } from '@jest/globals';
import { commandOf } from '../src/runtimes/command.ts';
import type { ImageConfig } from '../src/runtimes/image-source.ts';
import type { ContainerOrder } from '../src/runtimes/runtime.ts';
import { noBlobs } from './no-blobs.ts';

const FILES = [
  '/unpacked',
  '/unpacked/srv',
  '/unpacked/app/run',
  '/unpacked/srv/server.mjs',
  '/unpacked/usr/local/bin/tool',
];
const machine = {
  root: '/unpacked',
  node: '/opt/node/bin/node',
  exists: (path: string) => FILES.includes(path),
};

function start(config: Partial<ImageConfig>, order: Partial<ContainerOrder> = {}) {
  const whole = { cmd: [], entrypoint: [], env: {}, workdir: '/srv', user: '', exposedPorts: [], ...config };
  const container: ContainerOrder = {
    name: 'orders',
    image: 'i',
    content: {
      digest: 'd',
      platform: { os: 'linux', architecture: 'amd64' },
      config: whole,
      unpack: async () => undefined,
      blobs: () => noBlobs,
    },
    essential: true,
    entryPoint: undefined,
    command: undefined,
    environment: {},
    workingDirectory: undefined,
    ports: [],
    memory: undefined,
    stopTimeout: 30,
    healthCheck: undefined,
    log: () => undefined,
    ...order,
  };
  return commandOf(container, machine, 'eu-west-1');
}

describe('the command of a container', () => {
  const node = '/opt/node/bin/node';
  test.each([
    ['CMD alone', { cmd: ['node', 'server.mjs'] }, {}, [node, 'server.mjs']],
    ['ENTRYPOINT and CMD', { entrypoint: ['node'], cmd: ['a.mjs'] }, {}, [node, 'a.mjs']],
    [
      'an overridden command keeps ENTRYPOINT',
      { entrypoint: ['node'], cmd: ['a'] },
      { command: ['b'] },
      [node, 'b'],
    ],
    [
      'an overridden entry point drops CMD',
      { entrypoint: ['x'], cmd: ['a'] },
      { entryPoint: ['node'] },
      [node],
    ],
    ['node by its path', { cmd: ['/usr/local/bin/node', 'a'] }, {}, [node, 'a']],
    [
      'an absolute argument lies in the image',
      { cmd: ['node', '/srv/server.mjs'] },
      {},
      [node, '/unpacked/srv/server.mjs'],
    ],
    ['an argument that only looks like a path stays', { cmd: ['node', '/other'] }, {}, [node, '/other']],
    ['a program of the image', { cmd: ['/app/run'] }, {}, ['/unpacked/app/run']],
    [
      'a program found in the PATH of the image',
      { cmd: ['tool'], env: { PATH: '/bin:/usr/local/bin' } },
      {},
      ['/unpacked/usr/local/bin/tool'],
    ],
    [
      'a shell form, with the shell of this machine',
      { cmd: ['/bin/sh', '-c', 'node a'] },
      {},
      ['/bin/sh', '-c', 'node a'],
    ],
    ['no way out of the image', { cmd: ['../../unpacked/app/run'] }, {}, undefined],
  ])('%s', (_, config, order, expected) => {
    const command = start(config, order);
    expect(command.kind === 'run' ? [command.file, ...command.args] : undefined).toEqual(expected);
  });

  test('what cannot be started says why, as a container runtime does', () => {
    expect(start({ cmd: ['python3', 'a.py'] })).toEqual({
      kind: 'cannot-start',
      reason:
        'CannotStartContainerError: failed to start the container: exec: "python3": executable file not found in $PATH',
    });
    expect(start({})).toMatchObject({ reason: expect.stringMatching(/no command specified/) });
    expect(start({ cmd: ['node'], workdir: '/gone' })).toMatchObject({
      reason: expect.stringMatching(/"\/gone"/),
    });
  });

  test('has the environment of the image, then of the task definition, and nothing of this machine', () => {
    const command = start(
      { cmd: ['node'], env: { A: 'image', B: 'image', PATH: '/bin' } },
      { environment: { B: 'task' } },
    );
    expect(command).toMatchObject({ cwd: '/unpacked/srv', env: { A: 'image', B: 'task' } });
    const names = Object.keys(command.kind === 'run' ? command.env : {}).sort();
    expect(names).toEqual([
      'A',
      'AWS_DEFAULT_REGION',
      'AWS_EXECUTION_ENV',
      'AWS_REGION',
      'B',
      'HOME',
      'PATH',
    ]);
  });
});
