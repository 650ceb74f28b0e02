import { builderEnvironment, dockerConfig } from './environment.ts';
import { withPrivateConfig } from './private-config.ts';
import { type DockerRun, runDocker } from './run-docker.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Why no builder can be made here, or `undefined` if one can. It needs buildx, and an engine that starts its container. */
export function engineUnavailable(env: Env, temp: string): Promise<string | undefined> {
  return asking(env, temp, async (ask) => {
    const buildx = await ask('buildx', 'version');
    if (buildx.code === 'missing') return 'there is no docker program';
    if (buildx.code !== 0) return `docker buildx does not start: ${buildx.output.at(-1) ?? ''}`;
    const engine = await ask('info', '--format', '{{json .ServerVersion}}');
    return engine.code === 0 ? undefined : `no Docker engine answers: ${engine.output.at(-1) ?? ''}`;
  });
}

/** Why no image can be loaded into Docker here, or `undefined` if one can. */
export function loadUnavailable(env: Env, temp: string): Promise<string | undefined> {
  return asking(env, temp, async (ask) => {
    const engine = await ask('info', '--format', '{{json .ServerVersion}}');
    if (engine.code === 'missing') return 'there is no docker program';
    return engine.code === 0 ? undefined : `no Docker engine answers: ${engine.output.at(-1) ?? ''}`;
  });
}

/**
 * Why buildx cannot export an OCI layout here, or `undefined` when it can. The `docker` driver can only with the
 * containerd image store; every other driver always can ("OCI and Docker exporters", Docker build reference).
 */
export function buildxUnavailable(env: Env, temp: string): Promise<string | undefined> {
  return asking(env, temp, async (ask) => {
    const inspected = await ask('buildx', 'inspect');
    if (inspected.code === 'missing') return 'there is no docker program';
    if (inspected.code !== 0) return `docker buildx inspect failed: ${inspected.output.at(-1) ?? ''}`;
    const driver = inspected.output.map((line) => /^Driver:\s*(\S+)/.exec(line)?.[1]).find(Boolean);
    if (driver === undefined) return 'docker buildx inspect names no driver';
    if (driver !== 'docker') return undefined;
    const info = await ask('info', '--format', '{{json .DriverStatus}}');
    const store = info.code === 0 && info.output.join('').includes('io.containerd.snapshotter.v1');
    return store ? undefined : 'its builder uses the docker driver without the containerd image store';
  });
}

function asking<T>(
  env: Env,
  temp: string,
  look: (ask: (...args: string[]) => Promise<DockerRun>) => Promise<T>,
): Promise<T> {
  return withPrivateConfig(temp, {}, `${dockerConfig(env)}/cli-plugins`, (home) =>
    look((...args) => runDocker(args, builderEnvironment(env, { home }))),
  );
}
