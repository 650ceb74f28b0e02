import { randomBytes } from 'node:crypto';
import type { TaskEnd } from '@tenant-delivery/local-aws/ecs/happening';
import { digestOf } from '@tenant-delivery/local-aws/registry/digest';
import { layerOf } from '@tenant-delivery/local-aws/registry/layer';
import { machinePrograms } from '@tenant-delivery/local-aws/registry/machine-programs';
import { OCI_MANIFEST } from '@tenant-delivery/local-aws/registry/manifest';
import { dockerRuntime } from '@tenant-delivery/local-aws/runtimes/docker';
import { answeringEngine, engineAt } from '@tenant-delivery/local-aws/runtimes/docker-engine';
import type { RunnableImage } from '@tenant-delivery/local-aws/runtimes/image-source';
import { prepareRuntime } from '@tenant-delivery/local-aws/runtimes/of-world';
import type { ContainerOrder, TaskRuntime } from '@tenant-delivery/local-aws/runtimes/runtime';
import { virtualClock } from '@tenant-delivery/local-aws/world/clock';
import { localWorld } from '@tenant-delivery/local-aws/world/local-world';

const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64';
/** A range of this run's own, so that nothing else on the machine has it. */
const RANGE = `10.${200 + (process.pid % 50)}.${randomBytes(1)[0] ?? 0}`;

/** Why no engine answers here; undefined where one does. */
export const unmet = await answeringEngine(process.env).then(
  () => undefined,
  (cause: Error) => cause.message,
);

export type ContainerTasks = Awaited<ReturnType<typeof containerTasks>>;

/** Tasks in containers of one world, with an image of this machine's Node. */
export async function containerTasks() {
  const engine = engineAt(process.env['DOCKER_HOST'] || undefined);
  await prepareRuntime('docker');
  const programs = await machinePrograms(ARCHITECTURE);
  const world = localWorld({ clock: virtualClock(60), url: () => '', runtime: 'docker' });
  const runtime = dockerRuntime(world, engine);
  const image = await imageOf(programs);
  let tasks = 0;
  return {
    engine,
    image,
    imageOf: (named: readonly string[]) => imageOf(programs, named),
    /** One that runs a program of the test's. */
    containerOf: (program: string, more: Partial<ContainerOrder> = {}): ContainerOrder => ({
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
    }),
    run: (containers: readonly ContainerOrder[], by: TaskRuntime = runtime) => {
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
    },
    close: () => world.close(),
  };
}

/** An image of this machine's Node, whose layers are those that it names, or others. */
async function imageOf(
  programs: Awaited<ReturnType<typeof machinePrograms>>,
  named?: readonly string[],
): Promise<RunnableImage> {
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
