import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalAws } from '@tenant-delivery/local-aws';
import { overlap } from '@tenant-delivery/local-aws/ec2/cidr';
import { LABEL } from '@tenant-delivery/local-aws/runtimes/docker-belongings';
import type { DockerEngine } from '@tenant-delivery/local-aws/runtimes/docker-engine';
import { routesIn } from '@tenant-delivery/local-aws/runtimes/docker-network';
import { prepareRuntime } from '@tenant-delivery/local-aws/runtimes/of-world';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { type ContainerTasks, containerTasks, unmet } from './container-tasks.ts';

/* One task from its start to its end. How containers end otherwise: `docker-endings.test.ts`. */

test("without an engine the runtime 'docker' is refused in a sentence that says what to do", async () => {
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
  try {
    await expect(startLocalAws({ runtime: 'docker' })).rejects.toThrow(
      /^The runtime 'docker' needs a container engine, and none answers at unix:\/\/\/nowhere\/docker\.sock \(.+\): start one, say in DOCKER_HOST where it listens, or take the runtime 'process'\.$/,
    );
    process.env['DOCKER_HOST'] = 'ssh://somewhere';
    await expect(startLocalAws({ runtime: 'docker' })).rejects.toThrow(/^DOCKER_HOST is "ssh:\/\/somewhere"/);
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
  }
});

test('a VPC has its own range at the engine only where this machine has no way into it', () => {
  expect([overlap('10.0.1.7/24', '10.0.0.0/16'), overlap('10.0.0.0/16', '10.0.1.7/32')]).toEqual([
    true,
    true,
  ]);
  expect([overlap('10.1.1.7/24', '10.0.0.0/16'), overlap('192.168.0.1/24', '192.168.1.0/24')]).toEqual([
    false,
    false,
  ]);
});

test('what ways this machine has is read from its routing table, the default one left out', () => {
  const row = (...fields: readonly string[]) => fields.join('\t');
  const table = [
    row(
      'Iface',
      'Destination',
      'Gateway',
      'Flags',
      'RefCnt',
      'Use',
      'Metric',
      'Mask',
      'MTU',
      'Window',
      'IRTT',
    ),
    row('eth0', '00000000', '010200C0', '0003', '0', '0', '0', '00000000', '0', '0', '0'),
    row('br0', '0000140A', '00000000', '0001', '0', '0', '0', '0000FFFF', '0', '0', '0'),
    row('eth0', '000200C0', '00000000', '0001', '0', '0', '0', '00FFFFFF', '0', '0', '0'),
    '',
  ];
  expect(routesIn(table.join('\n'))).toEqual(['10.20.0.0/16', '192.0.2.0/24']);
});

const suite = () => {
  let tasks: ContainerTasks;
  beforeAll(async () => {
    tasks = await containerTasks();
  });
  afterAll(() => tasks.close());

  test('is reached at its own address, and sees the environment of image and task and nothing of this machine', async () => {
    process.env['OUTSIDE'] = 'not for the task';
    const lines: string[] = [];
    const program = `import { createServer } from 'node:http';
       createServer((_, response) => response.end(JSON.stringify(process.env))).listen(8080, () => console.log('listening'));
       process.on('SIGTERM', () => { console.error('stopping'); process.exit(3); });`;
    const { task, address, started, ended } = tasks.run([
      tasks.containerOf(program, {
        environment: { SECRET: 'for the task' },
        log: (line) => lines.push(line),
      }),
    ]);
    await started;
    delete process.env['OUTSIDE'];
    expect(task.reach(8080)).toEqual({ kind: 'address', host: address, port: 8080 });
    expect(await task.probe({ port: 8080, path: '/', timeoutSeconds: 5 })).toEqual({
      kind: 'answered',
      status: 200,
    });
    expect(await task.probe({ port: 9090, path: '/', timeoutSeconds: 5 })).toEqual({ kind: 'refused' });
    const env = (await (await fetch(`http://${address}:8080/`)).json()) as Readonly<Record<string, string>>; // as the program writes it
    expect(env).toMatchObject({ GREETING: 'hello', SECRET: 'for the task', AWS_REGION: 'eu-west-1' });
    expect([env['OUTSIDE'], env['PORT']]).toEqual([undefined, undefined]);
    task.stop();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 3 } } });
    expect(lines).toEqual(['listening', 'stopping']);
    expect(task.reach(8080)).toBeUndefined();
  });

  test('leaves nothing at the engine when its world ends, nor when its process ended without a word', async () => {
    const program = 'setInterval(() => {}, 1_000);';
    const { started } = tasks.run([tasks.containerOf(program, { ports: [] })]);
    await started;
    const before = await belongings(tasks.engine);
    expect(before.map(({ kind }) => kind).sort()).toEqual(
      expect.arrayContaining(['container', 'image', 'network']),
    );
    // What a process leaves that was killed: the same, by the name of one that does not run.
    const [ours = ''] = before.map(({ world: name }) => name);
    const gone = ours.replace(/-\d+-/, `-${await endedProcess()}-`);
    await tasks.engine.call('POST', '/networks/create', { Name: gone, Labels: { [LABEL]: gone } });
    const tag = `local-aws/${ours}:${tasks.image.digest.replace('sha256:', '')}`;
    await tasks.engine.call('POST', `/images/${tag}/tag?repo=local-aws/${gone}&tag=left`);
    await tasks.engine.call('POST', `/containers/create?name=${gone}`, {
      Image: tag,
      Labels: { [LABEL]: gone },
    });
    expect((await belongings(tasks.engine)).filter(({ world: name }) => name === gone)).toHaveLength(3);
    await prepareRuntime('docker');
    expect((await belongings(tasks.engine)).map(({ world: name }) => name)).not.toContain(gone);
    expect((await belongings(tasks.engine)).map(({ world: name }) => name)).toContain(ours);
    await tasks.close();
    expect((await belongings(tasks.engine)).map(({ world: name }) => name)).not.toContain(ours);
  });
};

describeWith('docker', 'a task in containers', suite, unmet);

interface Belonging {
  readonly kind: 'container' | 'network' | 'image';
  readonly world: string;
}

/** What worlds have at the engine, found by other means than the runtime's own. */
async function belongings(engine: DockerEngine): Promise<readonly Belonging[]> {
  const labelled = async (kind: 'container' | 'network', path: string): Promise<readonly Belonging[]> => {
    const found = (await engine.call('GET', path)) as readonly {
      Labels?: Readonly<Record<string, string>>;
    }[]; // the engine's own list
    return found.flatMap(({ Labels }) =>
      Labels?.[LABEL] === undefined ? [] : [{ kind, world: Labels[LABEL] }],
    );
  };
  const images = (await imagesOf(engine)).flatMap(({ RepoTags }) => RepoTags ?? []);
  return [
    ...(await labelled('container', '/containers/json?all=1')),
    ...(await labelled('network', '/networks')),
    ...images.flatMap((name) => {
      const [, world] = /^local-aws\/([^:]+):/.exec(name) ?? [];
      return world === undefined ? [] : [{ kind: 'image' as const, world }];
    }),
  ];
}

async function imagesOf(engine: DockerEngine): Promise<readonly { readonly RepoTags?: readonly string[] }[]> {
  return (await engine.call('GET', '/images/json')) as readonly { RepoTags?: readonly string[] }[]; // the engine's own list
}

/** The number of a process that does not run any more. */
async function endedProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'close');
  return child.pid ?? 0;
}
