/** What the runner says about the run. Every string is as GitHub set it; numbers are GitHub's numeric ids, as text. */
export interface RunContext {
  readonly repository: string;
  readonly repositoryId: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly job: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
  readonly actorId: string;
  readonly triggeringActor: string;
  readonly eventName: string;
  readonly workflowRef: string;
  /** The repository of this action, `owner/name`, and its ref or commit; empty for an action of the workspace. */
  readonly actionRepository: string;
  readonly actionRef: string;
  readonly workspace: string;
  readonly temp: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** The event's payload, parsed; `{}` when there is none. Hostile text. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** The runner, as an action needs it. `github-runner.ts` is the real one; tests hand in one of their own. */
export interface Runner {
  readonly context: RunContext;
  /** The trimmed value of an input; empty when it was not given. */
  input(name: string): string;
  /** The same with the blanks and line ends around it. */
  untrimmed(name: string): string;
  /** Names of all inputs that came, declared or not, in lower case: a misspelt one shows here. */
  given(): readonly string[];
  output(name: string, value: string): void;
  info(line: string): void;
  debug(line: string): void;
  warning(line: string): void;
  /** At most one per action: what happened, and on further lines what is wrong and what to do. */
  error(message: string, title: string): void;
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Text that others wrote, printed so that no line of it runs as a workflow command. */
  verbatim(lines: readonly string[]): void;
  mask(secret: string): void;
  summary(markdown: string): void;
  /** A fresh OIDC token for `audience`; throws OIDC_TOKEN_UNAVAILABLE when the job may not have one. */
  idToken(audience: string): Promise<string>;
  /** Sets the exit code that the process will end with. */
  fail(): void;
  /** Aborted by SIGINT or SIGTERM. */
  readonly cancelled: AbortSignal;
}
