import { builderEnvironment, dockerConfig } from './environment.ts';
import { withPrivateConfig } from './private-config.ts';
import { runDocker } from './run-docker.ts';

/**
 * Why buildx cannot export an OCI layout here, or `undefined` when it can. The `docker` driver can only with the
 * containerd image store; every other driver always can ("OCI and Docker exporters", Docker build reference).
 */
export function buildxUnavailable(
  env: Readonly<Record<string, string | undefined>>,
  temp: string,
): Promise<string | undefined> {
  return withPrivateConfig(temp, undefined, `${dockerConfig(env)}/cli-plugins`, async (home) => {
    const ask = (...args: string[]) => runDocker(args, builderEnvironment(env, { home }));
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
