import {
  DeregisterTaskDefinitionCommand,
  ECSClient,
  type ECSClientConfig,
  ECSServiceException,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';

/** What AWS said to each question, by the assumption that it is about; for a question that failed otherwise, why. */
export type AnsweredQuestions = Readonly<Record<string, Answer>>;

type Answer = 'taken' | { readonly refused: string } | { readonly failed: string };

export interface Asked {
  readonly answers: AnsweredQuestions;
  /** What could not be taken away again, in one sentence. */
  readonly left?: string;
}

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

/**
 * Registers each definition and deregisters it again, also one that an interrupted canary left. It never throws: by then the plays have
 * taken an hour, and their report must not be lost.
 */
export async function askQuestions(config: ECSClientConfig): Promise<Asked> {
  const client = new ECSClient(config);
  const answers: Record<string, Answer> = {};
  try {
    for (const [assumption, definition] of Object.entries(QUESTIONS))
      answers[assumption] = await register(client, definition);
    await deregisterAll(client);
    return { answers };
  } catch (cause) {
    const left = `task definitions of the family ${FAMILY} could not be deregistered (${whyOf(cause)}); the next canary tries again`;
    return { answers, left };
  } finally {
    client.destroy();
  }
}

function whyOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

async function register(client: ECSClient, definition: Definition): Promise<Answer> {
  try {
    await client.send(new RegisterTaskDefinitionCommand({ family: FAMILY, ...definition }));
    return 'taken';
  } catch (cause) {
    return cause instanceof ECSServiceException && cause.name === 'ClientException'
      ? { refused: cause.message }
      : { failed: whyOf(cause) };
  }
}

async function deregisterAll(client: ECSClient): Promise<void> {
  const asked = { familyPrefix: FAMILY, status: 'ACTIVE' as const };
  for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client }, asked))
    for (const taskDefinition of taskDefinitionArns)
      await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}
