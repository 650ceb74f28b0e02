import type { RunContext, Runner } from '@tenant-delivery/action-kit/runner';

/** A runner that keeps what an action said, for tests to read. */
export interface FakeRunner extends Runner {
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  readonly errors: readonly { readonly headline: string; readonly title: string }[];
  readonly summaries: readonly string[];
  readonly masked: readonly string[];
  readonly failed: () => boolean;
  cancel(): void;
}

export interface FakeRunnerOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly context?: Partial<RunContext>;
  readonly idToken?: (audience: string) => Promise<string>;
}

const CONTEXT: RunContext = {
  repository: 'acme/orders',
  repositoryId: '456789',
  runId: '9001',
  runAttempt: 1,
  job: 'build',
  sha: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  actor: 'dev-ana',
  actorId: '200010',
  triggeringActor: 'dev-ana',
  eventName: 'push',
  workflowRef: 'acme/orders/.github/workflows/deliver.yml@refs/heads/main',
  actionRepository: 'OWNER/tenant-delivery',
  actionRef: 'v0.1.0',
  workspace: '/nowhere',
  temp: '/dev/null/nowhere', // nobody can make it, not even root: a runner of before would be remembered there
  serverUrl: 'http://127.0.0.1:1',
  apiUrl: 'http://127.0.0.1:1',
  event: {},
};

export function fakeRunner(options: FakeRunnerOptions = {}): FakeRunner {
  const inputs = options.inputs ?? {};
  const outputs: Record<string, string> = {};
  const log: string[] = [];
  const errors: { headline: string; title: string }[] = [];
  const summaries: string[] = [];
  const masked: string[] = [];
  const cancelled = new AbortController();
  let failed = false;
  return {
    context: { ...CONTEXT, ...options.context },
    outputs,
    log,
    errors,
    summaries,
    masked,
    failed: () => failed,
    cancel: () => cancelled.abort('SIGINT'),
    input: (name) => (inputs[name] ?? '').trim(),
    untrimmed: (name) => inputs[name] ?? '',
    given: () => Object.keys(inputs),
    output: (name, value) => {
      outputs[name] = value;
    },
    info: (line) => log.push(line),
    debug: () => {},
    warning: (line) => log.push(`warning: ${line}`),
    error: (headline, title) => errors.push({ headline, title }),
    group: async (title, work) => {
      log.push(`group: ${title}`);
      return work();
    },
    verbatim: (lines) => log.push(...lines),
    mask: (secret) => masked.push(secret),
    summary: (markdown) => summaries.push(markdown),
    idToken: options.idToken ?? (async () => Promise.reject(new Error('this test gave no OIDC token'))),
    fail: () => {
      failed = true;
    },
    cancelled: cancelled.signal,
  };
}
