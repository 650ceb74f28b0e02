import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ImageBuilder } from '../builder.ts';
import { failures } from '../failures.ts';
import { type BuildxWorld, buildxBuilder } from './builder.ts';
import { builderEnvironment, dockerConfig } from './environment.ts';
import { loginsOf } from './logins.ts';
import { withPrivateConfig } from './private-config.ts';
import { runDocker } from './run-docker.ts';

/**
 * Docker buildx with a builder that is made for one build and removed after it: a container of BuildKit, whose image is
 * named with its digest. For a Docker that cannot export an OCI layout by itself.
 */
export function madeBuilder(world: BuildxWorld, image: string): ImageBuilder {
  const { env, temp } = world;
  return {
    name: 'buildx',
    image,
    build: (request) =>
      withPrivateConfig(temp, loginsOf(world.login), `${dockerConfig(env)}/cli-plugins`, async (home) => {
        const name = `td-${randomUUID()}`;
        const own = { ...env, BUILDX_BUILDER: name, BUILDX_CONFIG: join(home, 'buildx') };
        const docker = (options: { readonly signal?: AbortSignal }, ...args: string[]) =>
          runDocker(['buildx', ...args], builderEnvironment(own, { home }), { ...options, say: world.say });
        try {
          const made = await docker(
            world,
            'create',
            `--name=${name}`,
            '--driver=docker-container',
            `--driver-opt=image=${image}`,
            '--bootstrap',
          );
          if (made.code === 'missing') throw failures.builderUnavailable('there is no docker program');
          if (made.code === 'cancelled') throw failures.buildFailed('buildx', 'the job was cancelled');
          if (made.code !== 0) {
            const said = made.output.filter((line) => line.trim() !== '').at(-1) ?? 'nothing';
            throw failures.builderUnavailable(
              `a builder of ${image} could not be made: ${JSON.stringify(said)}`,
            );
          }
          return await buildxBuilder({ ...world, env: own }).build(request);
        } finally {
          await docker({}, 'rm', '--force', name);
        }
      }),
  };
}
