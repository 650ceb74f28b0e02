import type { TaskDefinitionDocument } from '../observed.ts';
import { PROBE_PROGRAM } from './probe-program.ts';
import type { ProbeRoute } from './probe-route.ts';

/** What a probe asks for, and what it must get. */
export interface ProbeTerms {
  readonly path: string;
  /** A status or a range of them: `200`, `200-299`. */
  readonly status: string;
  /** How long one answer may take. */
  readonly seconds: number;
}

/** All that differs between the task definitions of probes. What is not here no probe can have: a role, a secret, a command. */
export interface ProbeDefinition {
  readonly family: string;
  /** By digest, with `node` in its PATH. */
  readonly image: string;
  /** ECS pulls the image and writes the log with it; the program never sees it. */
  readonly executionRole: string | undefined;
  readonly log: { readonly group: string; readonly region: string } | undefined;
}

export const PROBE_CONTAINER = 'probe';

/** The family of a service's probe, beside its own: 255 characters at most. */
export function probeFamily(family: string): string {
  return `${family.slice(0, 249)}-probe`;
}

/** A small task with one container that asks and ends: no role, no secrets, no port, nothing that it could write to. */
export function probeDocument({
  family,
  image,
  executionRole,
  log,
}: ProbeDefinition): TaskDefinitionDocument {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    ...(executionRole !== undefined && { executionRoleArn: executionRole }),
    containerDefinitions: [
      {
        name: PROBE_CONTAINER,
        image,
        essential: true,
        entryPoint: ['node', '-e', PROBE_PROGRAM],
        user: '65534',
        readonlyRootFilesystem: true,
        ...(log && {
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': log.group,
              'awslogs-region': log.region,
              'awslogs-stream-prefix': PROBE_CONTAINER,
            },
          },
        }),
      },
    ],
  };
}

/** The one argument of the program. */
export function probeOrder(route: ProbeRoute, { status, seconds }: ProbeTerms): string {
  const [from, to = from] = status.split('-').map(Number);
  return JSON.stringify({ ...route, from, to, milliseconds: seconds * 1_000 });
}

/** How long the program may take from its start to its end, in milliseconds: it ends by itself, whether or not anybody watches. */
export function longestProbe({ seconds }: ProbeTerms): number {
  return MOST_REQUESTS * (seconds + 1) * 1_000;
}

/** As the program has it. */
const MOST_REQUESTS = 5;
