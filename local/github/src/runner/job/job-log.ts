import type { Conclusion } from '../ports.ts';
import type { Annotation, Emit, JobName, StepName } from '../run-event.ts';
import { createMasks, type Masks } from '../step/masks.ts';

/** Per step and level, and per job (GitHub, "Workflow commands"; actions/runner, ExecutionContext). */
const STEP_ANNOTATIONS = 10;
const JOB_ANNOTATIONS = 50;
const ANNOTATION_LENGTH = 4096;

export interface StepLog {
  readonly step: StepName;
  readonly lines: string[];
}

/** Everything that a job says. Nothing leaves it unmasked. */
export interface JobLog {
  readonly masks: Masks;
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly string[];
  begin(step: StepName): void;
  end(outcome: Conclusion, conclusion: Conclusion): readonly string[];
  line(text: string): void;
  group(title: string): void;
  endGroup(): void;
  /** Shown only with step debug logging. */
  debug(text: string): void;
  annotate(
    level: Annotation['level'],
    message: string,
    properties?: Omit<Annotation, 'level' | 'message' | 'step'>,
  ): void;
  summary(markdown: string): void;
  /** The whole log, step after step. */
  text(): string;
}

export function createJobLog(job: JobName, emit: Emit, debugging: boolean): JobLog {
  const masks = createMasks();
  const annotations: Annotation[] = [];
  const summaries: string[] = [];
  const all: string[] = [];
  let current: StepLog | undefined;
  const counts = new Map<string, number>();

  const write = (text: string) => {
    const masked = masks.apply(text);
    for (const each of masked.split('\n')) {
      all.push(each);
      current?.lines.push(each);
    }
    return masked;
  };
  const say = (text: string) => {
    const masked = write(text);
    if (current) emit({ kind: 'line', job, step: current.step, text: masked });
  };
  const mayAnnotate = (level: string) => {
    const key = `${current?.step.number ?? 0} ${level}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count < STEP_ANNOTATIONS && annotations.length < JOB_ANNOTATIONS;
  };

  return {
    masks,
    annotations,
    summaries,
    begin: (step) => {
      current = { step, lines: [] };
      emit({ kind: 'step-started', job, step });
    },
    end: (outcome, conclusion) => {
      const ended = current;
      current = undefined;
      if (ended) emit({ kind: 'step-finished', job, step: ended.step, outcome, conclusion });
      return ended?.lines ?? [];
    },
    line: say,
    group: (title) => {
      const masked = write(`##[group]${title}`).slice('##[group]'.length);
      if (current) emit({ kind: 'group', job, step: current.step, title: masked });
    },
    endGroup: () => {
      write('##[endgroup]');
      if (current) emit({ kind: 'group-ended', job, step: current.step });
    },
    debug: (text) => {
      if (debugging) say(`##[debug]${text}`);
    },
    annotate: (level, message, properties = {}) => {
      const shown = write(`##[${level}]${message}`);
      const annotation: Annotation = {
        level,
        message: masks.apply(message).slice(0, ANNOTATION_LENGTH),
        step: current?.step ?? null,
        ...properties,
        ...(properties.title === undefined ? {} : { title: masks.apply(properties.title) }),
      };
      if (!mayAnnotate(level)) {
        if (current) emit({ kind: 'line', job, step: current.step, text: shown });
        return;
      }
      annotations.push(annotation);
      emit({ kind: 'annotation', job, annotation });
    },
    summary: (markdown) => {
      const masked = masks.apply(markdown);
      summaries.push(masked);
      if (current) emit({ kind: 'summary', job, step: current.step, markdown: masked });
    },
    text: () => all.join('\n'),
  };
}
