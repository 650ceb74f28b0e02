import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalAws } from '@tenant-delivery/local-aws';
import { overlap } from '@tenant-delivery/local-aws/ec2/cidr';
import type { TaskEnd } from '@tenant-delivery/local-aws/ecs/happening';
import { digestOf } from '@tenant-delivery/local-aws/registry/digest';
import { layerOf } from '@tenant-delivery/local-aws/registry/layer';
import { machinePrograms } from '@tenant-delivery/local-aws/registry/machine-programs';
import { OCI_MANIFEST } from '@tenant-delivery/local-aws/registry/manifest';
import { dockerRuntime } from '@tenant-delivery/local-aws/runtimes/docker';
import { LABEL } from '@tenant-delivery/local-aws/runtimes/docker-belongings';
import {
  answeringEngine,
  type DockerEngine,
  engineAt,
} from '@tenant-delivery/local-aws/runtimes/docker-engine';
import { routesIn } from '@tenant-delivery/local-aws/runtimes/docker-network';
import type { RunnableImage } from '@tenant-delivery/local-aws/runtimes/image-source';
import { prepareRuntime } from '@tenant-delivery/local-aws/runtimes/of-world';
import type { ContainerOrder, TaskRuntime } from '@tenant-delivery/local-aws/runtimes/runtime';
import { virtualClock } from '@tenant-delivery/local-aws/world/clock';
import { type LocalWorld, localWorld } from '@tenant-delivery/local-aws/world/local-world';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';

const unmet = await answeringEngine(process.env).then(
  () => undefined,
  (cause: Error) => cause.message,
);
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64';
/** A range of this run's own, so that nothing else on the machine has it. */
const RANGE = `10.${200 + (process.pid % 50)}.${randomBytes(1)[0] ?? 0}`;

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
  const engine = engineAt(process.env['DOCKER_HOST'] || undefined);
  let programs: Awaited<ReturnType<typeof machinePrograms>>;
  let world: LocalWorld;
  let runtime: TaskRuntime;
  let image: RunnableImage;
  let tasks = 0;

  beforeAll(async () => {
    await prepareRuntime('docker');
    programs = await machinePrograms(ARCHITECTURE);
    world = localWorld({ clock: virtualClock(60), url: () => '', runtime: 'docker' });
    runtime = dockerRuntime(world, engine);
    image = await imageOf();
  });
  afterAll(() => world.close());

  /** An image of this machine's Node, whose layers are those that it names, or others. */
  async function imageOf(named?: readonly string[]): Promise<RunnableImage> {
    const layers = [...(programs ? [programs] : []), await layerOf({ '/srv/greeting': 'hello' })];
    const described = Buffer.from(
      JSON.stringify({
        os: 'linux',
        architecture: ARCHITECTURE,
        config: {
          Cmd: ['node', '--version'],
          WorkingDir: '/srv',
          Env: ['PATH=/usr/local/bin:/bin', 'GREETING=hello'],
        },
        rootfs: { type: 'layers', diff_ids: named ?? layers.map(({ diffId }) => diffId) },
      }),
    );
    const describe = (mediaType: string, bytes: Buffer) => ({
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
    });
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: describe('application/vnd.oci.image.config.v1+json', described),
        layers: layers.map(({ blob }) =>
          describe(`application/vnd.oci.image.layer.v1.tar${blob[0] === 0x1f ? '+gzip' : ''}`, blob),
        ),
      }),
    );
    return {
      digest: digestOf(manifest),
      platform: { os: 'linux', architecture: ARCHITECTURE },
      config: { cmd: [], entrypoint: [], env: {}, workdir: '/srv', user: '', exposedPorts: [] },
      unpack: async () => undefined,
      blobs: () => ({
        mediaType: OCI_MANIFEST,
        manifest,
        config: described,
        layers: layers.map(({ blob }) => blob),
      }),
    };
  }

  /** One that runs a program of the test's. */
  const containerOf = (program: string, more: Partial<ContainerOrder> = {}): ContainerOrder => ({
    name: 'orders',
    image: 'i',
    content: image,
    essential: true,
    entryPoint: undefined,
    command: ['node', '--input-type=module', '-e', program],
    environment: {},
    workingDirectory: undefined,
    ports: [8080],
    memory: undefined,
    stopTimeout: 30,
    healthCheck: undefined,
    log: () => undefined,
    ...more,
  });

  function run(containers: readonly ContainerOrder[], by: TaskRuntime = runtime) {
    tasks += 1;
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<TaskEnd>();
    const order = {
      account: '000011112222',
      region: 'eu-west-1',
      task: `task-${tasks}`,
      family: 'f',
      service: 's',
      group: 'service:s',
      startedBy: 'ecs-svc/1',
      address: `${RANGE}.${3 + tasks}`,
      subnet: { id: 'subnet-a', cidr: `${RANGE}.0/24` },
      containers,
    };
    const task = by.run(order, {
      started: started.resolve,
      ended: ended.resolve,
      interrupted: () => undefined,
    });
    return { task, address: order.address, started: started.promise, ended: ended.promise };
  }

  test('is reached at its own address, and sees the environment of image and task and nothing of this machine', async () => {
    process.env['OUTSIDE'] = 'not for the task';
    const lines: string[] = [];
    const program = `import { createServer } from 'node:http';
       createServer((_, response) => response.end(JSON.stringify(process.env))).listen(8080, () => console.log('listening'));
       process.on('SIGTERM', () => { console.error('stopping'); process.exit(3); });`;
    const { task, address, started, ended } = run([
      containerOf(program, { environment: { SECRET: 'for the task' }, log: (line) => lines.push(line) }),
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

  test('is reached where its VPC has a range that is taken already, at an address of the engine', async () => {
    const second = localWorld({ clock: virtualClock(60), url: () => '', runtime: 'docker' });
    const program =
      "import { createServer } from 'node:http'; createServer((_, response) => response.end()).listen(8080);";
    const { task, address, started } = run([containerOf(program)], dockerRuntime(second, engine));
    await started;
    expect(task.reach(8080)).not.toMatchObject({ host: address });
    expect(await task.probe({ port: 8080, path: '/', timeoutSeconds: 5 })).toEqual({
      kind: 'answered',
      status: 200,
    });
    await second.close();
  });

  test('that listens on its loopback alone is not reached, as at AWS', async () => {
    const program = `import { createServer } from 'node:http';
       createServer((_, response) => response.end('inside')).listen(8080, '127.0.0.1', () => console.log('listening'));`;
    const heard = Promise.withResolvers<void>();
    const { task, ended } = run([containerOf(program, { log: () => heard.resolve() })]);
    await heard.promise;
    expect(await task.probe({ port: 8080, path: '/', timeoutSeconds: 5 })).toEqual({ kind: 'refused' });
    task.stop();
    await ended;
  });

  test('that ignores SIGTERM is killed when its stop timeout is over', async () => {
    const program = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000); console.log('up');";
    const heard = Promise.withResolvers<void>();
    const { task, ended } = run([containerOf(program, { ports: [], log: () => heard.resolve() })]);
    await heard.promise;
    task.stop();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 137 } } });
  });

  test('that wants more memory than it may have ends with 137 and the words of ECS', async () => {
    const program = 'const held = []; for (;;) held.push(Buffer.alloc(8_000_000, 1));';
    const { ended } = run([containerOf(program, { memory: 64 })]);
    expect(await ended).toEqual({
      kind: 'exited',
      exits: {
        orders: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      },
    });
  });

  test('ends with its essential container; the others share its address, and are stopped', async () => {
    const program = `import { createServer } from 'node:http';
       if (process.env.ROLE === 'sidecar') createServer((_, response) => response.end('beside')).listen(9000, '127.0.0.1');
       else {
         const ask = () => fetch('http://127.0.0.1:9000/').then((answer) => answer.text()).then((text) => { console.log(text); process.exit(7); }, () => setTimeout(ask, 20));
         ask();
       }`;
    const lines: string[] = [];
    const sidecar = {
      name: 'sidecar',
      essential: false,
      environment: { ROLE: 'sidecar' },
      ports: [],
    };
    const { ended } = run([
      containerOf(program, sidecar),
      containerOf(program, { log: (line) => lines.push(line), ports: [] }),
    ]);
    expect(await ended).toEqual({
      kind: 'exited',
      exits: { orders: { exitCode: 7 }, sidecar: { exitCode: expect.any(Number) } },
    });
    expect(lines).toEqual(['beside']);
  });

  test('is judged by its own health check, a program inside it that may take its time and no more', async () => {
    const program = "setInterval(() => {}, 1_000); console.log('up');";
    const heard = Promise.withResolvers<void>();
    const { task, ended } = run([containerOf(program, { ports: [], log: () => heard.resolve() })]);
    await heard.promise;
    const check = { intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 };
    const verdict = (...command: string[]) => task.checkContainer('orders', { ...check, command });
    expect(
      await Promise.all([
        verdict('CMD-SHELL', 'test "$GREETING" = hello'),
        verdict('CMD-SHELL', 'exit 1'),
        verdict('CMD', 'node', '-e', 'process.exit(0)'),
        verdict('CMD', 'nothing-of-that-name'),
      ]),
    ).toEqual([true, false, true, false]);
    task.stop();
    await ended;
    expect(await verdict('CMD-SHELL', 'exit 0')).toBe(false);
  });

  test('whose command its image does not have cannot start, and says so', async () => {
    const { ended } = run([containerOf('', { command: undefined, entryPoint: ['nothing-of-that-name'] })]);
    expect(await ended).toEqual({
      kind: 'cannot-start',
      container: 'orders',
      reason: expect.stringMatching(
        /^CannotStartContainerError: .*"nothing-of-that-name": executable file not found/,
      ),
    });
  });

  test('whose image has other layers than it names cannot be pulled', async () => {
    const content = await imageOf([`sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`]);
    expect(await run([containerOf('', { content })]).ended).toMatchObject({
      kind: 'cannot-start',
      reason: expect.stringMatching(/^CannotPullContainerError: failed to load the image: /),
    });
  });

  test('leaves nothing at the engine when its world ends, nor when its process ended without a word', async () => {
    const program = 'setInterval(() => {}, 1_000);';
    const { started } = run([containerOf(program, { ports: [] })]);
    await started;
    const before = await belongings(engine);
    expect(before.map(({ kind }) => kind).sort()).toEqual(
      expect.arrayContaining(['container', 'image', 'network']),
    );
    // What a process leaves that was killed: the same, by the name of one that does not run.
    const [ours = ''] = before.map(({ world: name }) => name);
    const gone = ours.replace(/-\d+-/, `-${await endedProcess()}-`);
    await engine.call('POST', '/networks/create', { Name: gone, Labels: { [LABEL]: gone } });
    const tag = `local-aws/${ours}:${image.digest.replace('sha256:', '')}`;
    await engine.call('POST', `/images/${tag}/tag?repo=local-aws/${gone}&tag=left`);
    await engine.call('POST', `/containers/create?name=${gone}`, { Image: tag, Labels: { [LABEL]: gone } });
    expect((await belongings(engine)).filter(({ world: name }) => name === gone)).toHaveLength(3);
    await prepareRuntime('docker');
    expect((await belongings(engine)).map(({ world: name }) => name)).not.toContain(gone);
    expect((await belongings(engine)).map(({ world: name }) => name)).toContain(ours);
    await world.close();
    expect((await belongings(engine)).map(({ world: name }) => name)).not.toContain(ours);
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
