import type { Runner } from '../src/runner.ts';

export interface Said {
  readonly outputs: Record<string, string>;
  readonly errors: string[];
  readonly lines: string[];
  readonly summaries: string[];
  failed: boolean;
}

/** The smallest runner: inputs in, everything said out. */
export function runnerWith(inputs: Readonly<Record<string, string>>, said?: Said): Runner {
  return {
    context: {
      repository: '',
      repositoryId: '',
      runId: '',
      runAttempt: 1,
      job: '',
      sha: '',
      ref: '',
      actor: '',
      actorId: '',
      triggeringActor: '',
      eventName: '',
      workflowRef: '',
      actionRepository: 'OWNER/tenant-delivery',
      actionRef: 'v1.2.3',
      workspace: '',
      temp: '',
      serverUrl: 'https://github.example',
      apiUrl: '',
      event: {},
    },
    input: (name) => (inputs[name] ?? '').trim(),
    untrimmed: (name) => inputs[name] ?? '',
    given: () => Object.keys(inputs),
    output: (name, value) => {
      if (said) said.outputs[name] = value;
    },
    info: (line) => said?.lines.push(line),
    debug: () => {},
    warning: () => {},
    error: (headline) => said?.errors.push(headline),
    group: (_, work) => work(),
    verbatim: (lines) => said?.lines.push(...lines),
    mask: () => {},
    summary: (markdown) => said?.summaries.push(markdown),
    idToken: async () => '',
    fail: () => {
      if (said) said.failed = true;
    },
    cancelled: new AbortController().signal,
  };
}
