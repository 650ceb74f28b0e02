import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { ecsApi } from './ecs-api.ts';
import { fargate, ON_FARGATE, WEB } from './ecs-examples.ts';
import { manualWorld } from './manual-world.ts';

function instances(change: Partial<RegisterTaskDefinitionRequest>, ...containers: ContainerDefinition[]) {
  return {
    family: 'web',
    containerDefinitions: containers.length > 0 ? containers : [{ ...WEB, memory: 128 }],
    ...change,
  };
}

test.each<readonly [string, object]>([
  ...ON_FARGATE,
  [
    'bridge with links, ports that the host chooses, and swap',
    instances(
      {},
      {
        ...WEB,
        memory: 300,
        memoryReservation: 128,
        links: ['mysql'],
        portMappings: [{ containerPort: 80, hostPort: 0 }, { containerPort: 80 }],
        linuxParameters: {
          maxSwap: 512,
          swappiness: 60,
          sharedMemorySize: 64,
          devices: [{ hostPath: '/dev/fuse' }],
        },
        extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }],
        dnsServers: ['10.0.0.2'],
        hostname: 'web',
        privileged: true,
      },
      {
        name: 'mysql',
        image: 'mysql',
        memory: 500,
        environment: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'password' }],
      },
    ),
  ],
  [
    'a path of the host, and a Docker volume that is shared',
    instances({
      volumes: [
        { name: 'host', host: { sourcePath: '/var/lib/docker' } },
        {
          name: 'docker',
          dockerVolumeConfiguration: { scope: 'shared', autoprovision: true, driver: 'local' },
        },
      ],
    }),
  ],
  [
    'a GPU, where instances have them',
    instances(
      {},
      { ...WEB, memory: 80, resourceRequirements: [{ type: 'GPU', value: '1' }], startTimeout: 600 },
    ),
  ],
  [
    'the network and the processes of the host',
    instances({
      networkMode: 'host',
      pidMode: 'host',
      ipcMode: 'host',
      requiresCompatibilities: ['EC2', 'EXTERNAL'],
    }),
  ],
  ['a size of its own, beyond what Fargate has', instances({ cpu: '192 vCPU', memory: '1024 GB' })],
])('%s is taken', async (_, input) => {
  const { taskDefinition } = await ecsApi(manualWorld()).call<{ taskDefinition: object }>(
    'RegisterTaskDefinition',
    input,
  );
  expect(taskDefinition).toMatchObject({ family: 'web', status: 'ACTIVE' });
});

test('sizes are described in CPU units and MiB, and what could run it is told', async () => {
  const api = ecsApi(manualWorld());
  const { taskDefinition } = await api.call<{ taskDefinition: object }>(
    'RegisterTaskDefinition',
    fargate({ cpu: '1 vCPU', memory: '2 GB', requiresCompatibilities: undefined }),
  );
  expect(taskDefinition).toMatchObject({ cpu: '1024', memory: '2048', compatibilities: ['EC2', 'FARGATE'] });
  const onHosts = await api.call('RegisterTaskDefinition', instances({}));
  expect(onHosts).toMatchObject({ taskDefinition: { compatibilities: ['EC2'] } });
});
