import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dockerRuntime } from '@tenant-delivery/local-aws/runtimes/docker';
import { virtualClock } from '@tenant-delivery/local-aws/world/clock';
import { localWorld } from '@tenant-delivery/local-aws/world/local-world';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { type ContainerTasks, containerTasks, unmet } from './container-tasks.ts';

const suite = () => {
  let tasks: ContainerTasks;
  beforeAll(async () => {
    tasks = await containerTasks();
  });
  afterAll(() => tasks.close());

  test('is reached where its VPC has a range that is taken already, at an address of the engine', async () => {
    const second = localWorld({ clock: virtualClock(60), url: () => '', runtime: 'docker' });
    const program =
      "import { createServer } from 'node:http'; createServer((_, response) => response.end()).listen(8080);";
    await tasks.run([tasks.containerOf(program)]).started; // in the world that has the range
    const { task, address, started } = tasks.run(
      [tasks.containerOf(program)],
      dockerRuntime(second, tasks.engine),
    );
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
    const { task, ended } = tasks.run([tasks.containerOf(program, { log: () => heard.resolve() })]);
    await heard.promise;
    expect(await task.probe({ port: 8080, path: '/', timeoutSeconds: 5 })).toEqual({ kind: 'refused' });
    task.stop();
    await ended;
  });

  test('that ignores SIGTERM is killed when its stop timeout is over', async () => {
    const program = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000); console.log('up');";
    const heard = Promise.withResolvers<void>();
    const { task, ended } = tasks.run([
      tasks.containerOf(program, { ports: [], log: () => heard.resolve() }),
    ]);
    await heard.promise;
    task.stop();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 137 } } });
  });

  test('that wants more memory than it may have ends with 137 and the words of ECS', async () => {
    const program = 'const held = []; for (;;) held.push(Buffer.alloc(8_000_000, 1));';
    const { ended } = tasks.run([tasks.containerOf(program, { memory: 64 })]);
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
    const { ended } = tasks.run([
      tasks.containerOf(program, sidecar),
      tasks.containerOf(program, { log: (line) => lines.push(line), ports: [] }),
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
    const { task, ended } = tasks.run([
      tasks.containerOf(program, { ports: [], log: () => heard.resolve() }),
    ]);
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
    const { ended } = tasks.run([
      tasks.containerOf('', { command: undefined, entryPoint: ['nothing-of-that-name'] }),
    ]);
    expect(await ended).toEqual({
      kind: 'cannot-start',
      container: 'orders',
      reason: expect.stringMatching(
        /^CannotStartContainerError: .*"nothing-of-that-name": executable file not found/,
      ),
    });
  });

  test('whose image has other layers than it names cannot be pulled', async () => {
    const content = await tasks.imageOf([`sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`]);
    expect(await tasks.run([tasks.containerOf('', { content })]).ended).toMatchObject({
      kind: 'cannot-start',
      reason: expect.stringMatching(/^CannotPullContainerError: failed to load the image: /),
    });
  });
};

describeWith('docker', 'a task in containers', suite, unmet);
