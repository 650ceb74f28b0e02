import type { Release } from './release.ts';

/** Values by name, as the file writes them: `true` and `30` are texts here. */
export type Texts = Readonly<Record<string, string>>;

/** A step as the file has it, with its place in the text. */
export interface Step {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly with: Texts;
  readonly env: Texts;
  /** Its members in order. */
  readonly members: readonly Member[];
  /** First and last line, counted from 0. */
  readonly from: number;
  readonly to: number;
  /** What stands before its first member: `    - `. */
  readonly dash: string;
  /** Why the lines of this step cannot be replaced. */
  readonly fixed: string | undefined;
}

/** A member of a step, with its source lines; the first begins at the name, without what is before it. */
export interface Member {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What has steps: a job of a workflow, or the one list of a composite action. */
export interface Job {
  readonly id: string;
  readonly env: Texts;
  /** Its `if`; empty where it has none. */
  readonly condition: string;
  readonly steps: readonly Step[];
  /** `defaults.run.working-directory` of the job or the workflow. */
  readonly workingDirectory: string | undefined;
  /** `defaults.run.shell` of the job or the workflow, or that of a Windows runner. */
  readonly shell: string | undefined;
  /** `runs-on`, as it is written. */
  readonly runsOn: string;
  /** The reusable workflow that the job calls, in place of steps. */
  readonly calls: string | undefined;
  /** The lines in which `steps.` means the steps of this job. */
  readonly from: number;
  readonly to: number;
}

export interface Workflow {
  readonly kind: 'workflow' | 'composite action';
  /** As they are, without the line feed; with the carriage return if there is one. */
  readonly lines: readonly string[];
  readonly eol: '\n' | '\r\n';
  readonly env: Texts;
  readonly jobs: readonly Job[];
  /** Where the new steps find our actions. */
  readonly release: Release;
  /** A file of the same repository by its path, if it is at hand. */
  readonly fileAt: FileAt;
}

export type FileAt = (path: string) => string | undefined;

/** What a step is called in the report. */
export function labelOf(step: Step): string {
  return step.name ?? step.uses ?? step.run?.trim().split('\n')[0] ?? 'a step';
}

/** The action of a `uses`, without its ref, as GitHub compares it: `docker/build-push-action`. */
export function actionOf(step: Step): string | undefined {
  return step.uses?.split('@')[0]?.toLowerCase();
}

/** A member of a step as the file writes it. */
export function memberOf(step: Step, name: string): string | undefined {
  return step.members.find((member) => member.name === name)?.lines.join('\n');
}

/** A variable of AWS, Docker or a proxy, which programs read by its name, that one of two steps sets another way. */
export function otherVariable(one: Step, other: Step): string | undefined {
  return Object.keys({ ...one.env, ...other.env }).find(
    (name) =>
      /^(?:AWS|DOCKER|BUILDX|BUILDKIT)_|^(?:HTTPS?|NO)_PROXY$/i.test(name) &&
      one.env[name] !== other.env[name],
  );
}
