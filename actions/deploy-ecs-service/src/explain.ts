import { causesOf, logStreamOf, type Observation, type ReportedCause } from '@tenant-delivery/deployment';
import type { EcsWorld } from './deploy-world.ts';

const CAUSES = 3; // of which the log is read
const LINES = 20;
const LONGEST = 500; // characters of one line

/** The causes of what was seen, each with the last lines that the container wrote. Others' words, unescaped. */
export async function explain(
  { services, logs, runner }: Pick<EcsWorld, 'services' | 'logs' | 'runner'>,
  seen: Observation,
): Promise<readonly ReportedCause[]> {
  const causes = causesOf(seen.stopped).slice(0, CAUSES);
  if (causes.length === 0) return [];
  const definition = await services.taskDefinition(seen.taskDefinition);
  return Promise.all(
    causes.map(async ({ fingerprint: _, failAt: __, ...cause }) => {
      const place =
        definition && cause.container
          ? logStreamOf(definition.document, cause.container, cause.task)
          : undefined;
      const lines = place && (await logs.tail(place.group, place.stream, LINES).catch(logUnread(runner)));
      return {
        class: cause.class,
        certainty: cause.certainty,
        count: cause.count,
        task: cause.task,
        stopCode: cause.stopCode ?? null,
        stoppedReason: cause.stoppedReason ?? null,
        container: cause.container ?? null,
        exitCode: cause.exitCode ?? null,
        containerReason: cause.containerReason ?? null,
        advice: cause.advice,
        log: (lines ?? []).map((line) => line.slice(0, LONGEST)),
      };
    }),
  );
}

/** Log lines explain an outcome, they do not decide it: that they could not be read is said, not thrown. */
function logUnread(runner: EcsWorld['runner']): (thrown: unknown) => undefined {
  return (thrown) => {
    runner.warning(`The log lines could not be read: ${thrown instanceof Error ? thrown.message : thrown}`);
    return undefined;
  };
}
