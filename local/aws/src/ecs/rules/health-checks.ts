import type { ContainerDefinition, HealthCheck } from '@aws-sdk/client-ecs';
import { containersOf, definitionRules, FARGATE, needsFargate } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

const BOUNDS = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const satisfies Partial<Record<keyof HealthCheck, readonly [number, number]>>;

const WAITS = { startTimeout: 'start', stopTimeout: 'stop' } as const satisfies Partial<
  Record<keyof ContainerDefinition, string>
>;

const checked = (change: Partial<HealthCheck>) =>
  container({ healthCheck: { command: ['CMD', '/check'], ...change } });

/** How containers are watched, waited for and started again. Assumes ecs-check-command-is-free. */
export const healthCheckRules = [
  ...definitionRules('HealthCheck - Amazon Elastic Container Service API Reference', [
    {
      says: 'A health check has a command.',
      *mistakes(input) {
        for (const { name, healthCheck } of containersOf(input))
          if (healthCheck && (healthCheck.command ?? []).length === 0)
            yield `Container '${name}': healthCheck.command should not be null or empty.`;
      },
      shownBy: [checked({ command: [] })],
    },
    {
      says: 'Interval, timeout, retries and start period of a health check are within bounds.',
      *mistakes(input) {
        for (const { name, healthCheck } of containersOf(input))
          for (const [member, [least, most]] of Object.entries(BOUNDS)) {
            const value = healthCheck?.[member as keyof typeof BOUNDS]; // the keys of a constant
            if (value !== undefined && (value < least || value > most))
              yield `Invalid 'healthCheck.${member}' setting for container '${name}'. It must be between ${least} and ${most}.`;
          }
      },
      shownBy: [
        checked({ interval: 4 }),
        checked({ interval: 301 }),
        checked({ timeout: 1 }),
        checked({ timeout: 61 }),
        checked({ retries: 0 }),
        checked({ retries: 11 }),
        checked({ startPeriod: -1 }),
        checked({ startPeriod: 301 }),
      ],
    },
  ]),
  ...definitionRules('ContainerDefinition - Amazon Elastic Container Service API Reference', [
    {
      says: 'A container is waited for at least 2 seconds.',
      *mistakes(input) {
        for (const one of containersOf(input))
          for (const [member, what] of Object.entries(WAITS))
            if ((one[member as keyof typeof WAITS] ?? 2) < 2)
              // the keys of a constant
              yield `Granular ${what} timeout on container '${one.name}' must be at least 2 seconds.`;
      },
      shownBy: [container({ stopTimeout: 1 }), containerOnEc2({ startTimeout: 0 })],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'Fargate waits for a container at most 120 seconds.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const one of containersOf(input))
          for (const [member, what] of Object.entries(WAITS))
            if ((one[member as keyof typeof WAITS] ?? 0) > 120)
              // the keys of a constant
              yield `Tasks using the Fargate launch type must have a container ${what} timeout of less than 120 seconds.`;
      },
      shownBy: [container({ stopTimeout: 121 }), container({ startTimeout: 300 })],
    },
  ]),
  ...definitionRules('ContainerRestartPolicy - Amazon Elastic Container Service API Reference', [
    {
      says: 'A container is restarted after 60 to 1800 seconds, and at most 50 exit codes are ignored.',
      *mistakes(input) {
        for (const { name, restartPolicy } of containersOf(input)) {
          const { restartAttemptPeriod: period = 60, ignoredExitCodes = [] } = restartPolicy ?? {};
          if (period < 60 || period > 1_800)
            yield `The 'restartAttemptPeriod' setting for container '${name}' must be between 60 and 1800.`;
          if (ignoredExitCodes.length > 50)
            yield `The 'ignoredExitCodes' setting for container '${name}' can have at most 50 items.`;
        }
      },
      shownBy: [
        container({ restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
        container({ restartPolicy: { enabled: true, restartAttemptPeriod: 1_801 } }),
        container({
          restartPolicy: { enabled: true, ignoredExitCodes: Array.from({ length: 51 }, (_, at) => at) },
        }),
      ],
    },
  ]),
];
