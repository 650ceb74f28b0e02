import type { Conclusion, HostJob, StepRecord } from '../ports.ts';
import type { StepName } from '../run-event.ts';
import type { JobLog } from './job-log.ts';

/** A step as the result of a run tells it. */
export interface StepReport {
  readonly name: string;
  readonly id?: string;
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

export interface JobSteps {
  /** Does one step of the list that GitHub shows: its log begins, its record appears, both end. */
  step<R extends Told>(name: string, work: () => Promise<R>): Promise<R>;
  readonly reports: readonly StepReport[];
}

export interface Told {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly id?: string;
}

export function listSteps(host: HostJob, log: JobLog, now: () => number): JobSteps {
  const records: StepRecord[] = [];
  const reports: StepReport[] = [];
  return {
    reports,
    step: async (written, work) => {
      const step: StepName = { number: records.length + 1, name: log.masks.apply(written) };
      const startedAt = now();
      records.push({ ...step, status: 'in_progress', conclusion: null, startedAt });
      host.showSteps([...records]);
      log.begin(step);
      const told = await work();
      const { outcome, conclusion, outputs = {}, id } = told;
      const lines = log.end(outcome, conclusion);
      records[step.number - 1] = { ...step, status: 'completed', conclusion, startedAt, completedAt: now() };
      host.showSteps([...records]);
      reports.push({
        name: step.name,
        outcome,
        conclusion,
        outputs,
        lines,
        ...(id === undefined ? {} : { id }),
      });
      return told;
    },
  };
}
