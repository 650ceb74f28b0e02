import { join } from 'node:path';
import type { LocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { stringify } from 'yaml';

/** What an official action of the outside does here: inputs that it declares, and a script in its place. */
interface StandIn {
  readonly inputs: readonly string[];
  readonly script: string;
  readonly outputs?: readonly string[];
}

export interface Outside {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `host:port` of the registry of ECR. */
  readonly registry: string;
}

/** They need a network, an engine or an account that is not here: what they would leave for later steps is written down. */
function standIns({ accessKeyId, secretAccessKey, registry }: Outside): Readonly<Record<string, StandIn>> {
  const nothing = {
    inputs: ['image', 'image-ref', 'platforms', 'registry', 'username', 'password'],
    script: 'true',
  };
  return {
    'aws-actions/configure-aws-credentials': {
      inputs: [
        'aws-region',
        'role-to-assume',
        'aws-access-key-id',
        'aws-secret-access-key',
        'aws-session-token',
      ],
      script: [
        `echo "AWS_ACCESS_KEY_ID=${accessKeyId}" >> "$GITHUB_ENV"`,
        `echo "AWS_SECRET_ACCESS_KEY=${secretAccessKey}" >> "$GITHUB_ENV"`,
        'echo "AWS_REGION=$INPUT" >> "$GITHUB_ENV"',
      ].join('\n'),
    },
    'aws-actions/amazon-ecr-login': {
      inputs: ['registries', 'registry-type', 'mask-password'],
      outputs: ['registry'],
      script: `echo "registry=${registry}" >> "$GITHUB_OUTPUT"`,
    },
    'docker/metadata-action': {
      inputs: ['images', 'tags'],
      outputs: ['tags', 'labels'],
      script: [
        'echo "tags=$INPUT:sha-$GITHUB_SHA" >> "$GITHUB_OUTPUT"',
        'echo "labels=org.opencontainers.image.title=orders" >> "$GITHUB_OUTPUT"',
      ].join('\n'),
    },
    'docker/setup-buildx-action': { ...nothing, outputs: ['name'] },
    'docker/setup-qemu-action': nothing,
    'docker/login-action': nothing,
    'docker/build-push-action': { inputs: ['context', 'push', 'tags'], script: 'false' },
    'aquasecurity/trivy-action': nothing,
    'aws-actions/amazon-ecs-render-task-definition': {
      inputs: ['task-definition', 'container-name', 'image'],
      outputs: ['task-definition'],
      script: 'echo "task-definition=$RUNNER_TEMP/rendered.json" >> "$GITHUB_OUTPUT"',
    },
    'aws-actions/amazon-ecs-deploy-task-definition': {
      inputs: [
        'task-definition',
        'service',
        'cluster',
        'codedeploy-appspec',
        'codedeploy-application',
        'codedeploy-deployment-group',
      ],
      script: 'false',
    },
  };
}

/** Ids of the organizations that own them. */
const OWNERS: Readonly<Record<string, number>> = {
  'aws-actions': 800_001,
  docker: 800_002,
  aquasecurity: 800_003,
};

/** Repositories of the official actions, whatever version a workflow names of them: see `atMain`. */
export async function addOfficialActions(
  github: LocalGithub,
  folder: string,
  outside: Outside,
): Promise<void> {
  for (const [index, [fullName, { inputs, script, outputs = [] }]] of Object.entries(
    standIns(outside),
  ).entries()) {
    const [owner = '', name = ''] = fullName.split('/');
    const path = join(folder, 'outside', `${fullName}.git`);
    await createGitRepository(path);
    const [first = ''] = inputs;
    const action = {
      name: fullName,
      description: 'Stands in for an action of the outside.',
      inputs: Object.fromEntries(inputs.map((input) => [input, { description: input, required: false }])),
      outputs: Object.fromEntries(
        outputs.map((output) => [
          output,
          { description: output, value: `\${{ steps.main.outputs.${output} }}` },
        ]),
      ),
      runs: {
        using: 'composite',
        steps: [{ id: 'main', shell: 'bash', env: { INPUT: `\${{ inputs.${first} }}` }, run: script }],
      },
    };
    const author = { name: owner, email: `${owner}@users.noreply.github.com` };
    await commitFiles(path, {
      branch: 'main',
      files: { 'action.yml': stringify(action) },
      message: 'Stand in',
      author,
    });
    github.addRepository({
      owner,
      ownerId: OWNERS[owner] ?? 0,
      name,
      id: 800_100 + index,
      path,
      visibility: 'public',
    });
  }
}

/** A workflow with every action of the outside at the one version that is here. */
export function atMain(text: string): string {
  return text.replace(/^([^#\n]*\buses: (?:aws-actions|docker|aquasecurity)\/[\w-]+)@[\w.-]+/gm, '$1@main');
}
