import {
  DeregisterTaskDefinitionCommand,
  ECSClient,
  type ECSClientConfig,
  ECSServiceException,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';

/** What AWS said to each question, by the assumption that it is about. A question that failed otherwise has no answer. */
export type AnsweredQuestions = Readonly<Record<string, 'taken' | { readonly refused: string }>>;

/** The family of what is registered to learn whether ECS takes it. Nothing runs it. */
const FAMILY = 'td-canary-question';

const IMAGE = 'public.ecr.aws/docker/library/busybox:stable';

type Definition = Omit<RegisterTaskDefinitionCommandInput, 'family'>;

const FARGATE = { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } satisfies Partial<Definition>;
const SMALL = { ...FARGATE, cpu: '256', memory: '512' } satisfies Partial<Definition>;

/** By assumption: a definition that ECS may take or refuse. */
const QUESTIONS: Readonly<Record<string, Definition>> = {
  'ecs-check-command-is-free': {
    ...SMALL,
    containerDefinitions: [{ name: 'a', image: IMAGE, healthCheck: { command: ['/healthcheck'] } }],
  },
  'ecs-hard-limits-may-add-up': {
    ...SMALL,
    containerDefinitions: [
      { name: 'a', image: IMAGE, memory: 400 },
      { name: 'b', image: IMAGE, memory: 400 },
    ],
  },
  'ecs-refuses-what-windows-lacks': {
    ...FARGATE,
    cpu: '1024',
    memory: '2048',
    runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'X86_64' },
    containerDefinitions: [{ name: 'a', image: IMAGE, readonlyRootFilesystem: true }],
  },
};

/** Registers each definition and deregisters it again, also one that a canary left which was cut off. */
export async function askQuestions(config: ECSClientConfig): Promise<AnsweredQuestions> {
  const client = new ECSClient(config);
  try {
    const answers: Record<string, AnsweredQuestions[string]> = {};
    for (const [assumption, definition] of Object.entries(QUESTIONS)) {
      const answer = await register(client, definition);
      if (answer !== undefined) answers[assumption] = answer;
    }
    return answers;
  } finally {
    await deregisterAll(client);
    client.destroy();
  }
}

async function register(
  client: ECSClient,
  definition: Definition,
): Promise<AnsweredQuestions[string] | undefined> {
  try {
    await client.send(new RegisterTaskDefinitionCommand({ family: FAMILY, ...definition }));
    return 'taken';
  } catch (cause) {
    return cause instanceof ECSServiceException && cause.name === 'ClientException'
      ? { refused: cause.message }
      : undefined;
  }
}

async function deregisterAll(client: ECSClient): Promise<void> {
  const asked = { familyPrefix: FAMILY, status: 'ACTIVE' as const };
  for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client }, asked))
    for (const taskDefinition of taskDefinitionArns)
      await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}
