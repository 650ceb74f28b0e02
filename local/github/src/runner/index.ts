export type { StepReport } from './job/job-steps.ts';
export type { Conclusion } from './ports.ts';
export type { Annotation, JobName, RunEvent, StepName } from './run-event.ts';
export type { RunOptions } from './run-options.ts';
export { type Problem, RunRefused } from './run-refused.ts';
export type { JobEnd, JobReport, RunResult } from './run-result.ts';
export { runWorkflow } from './run-workflow.ts';
