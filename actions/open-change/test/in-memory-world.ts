import type { RunContext } from '@tenant-delivery/action-kit/runner';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import type { RunState } from '@tenant-delivery/delivery/github-ports';
import { ACME, type InMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { OpenChangeInputs } from '../src/inputs.ts';
import type { World } from '../src/ports.ts';

export const MANIFEST = `
schemaVersion: 1
tenant: acme
name: orders
layer: app
container: { name: orders, port: 8080 }
health: { path: /healthz }
`;

export interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly runs?: Readonly<Record<string, RunState>>;
  /** What somebody else does while GitHub is asked for the state of a run. */
  readonly meanwhile?: () => Promise<unknown>;
  readonly context?: Partial<RunContext>;
  readonly claims?: Partial<JobClaims>;
  /** The environment that a promotion comes from. */
  readonly elsewhere?: InMemoryDelivery;
}

export interface InMemoryWorld extends World {
  readonly runner: FakeRunner;
  /** The newest text of each comment, by its marker. */
  readonly kept: Map<string, string>;
  readonly completed: { readonly name: string; readonly conclusion: string; readonly title: string }[];
  /** Which sessions were begun. */
  readonly begun: string[];
}

export function worldOf(delivery: InMemoryDelivery, options: Options = {}): InMemoryWorld {
  const {
    files = { '.delivery/service.yaml': MANIFEST },
    runs = {},
    context = {},
    claims = {},
    meanwhile,
    elsewhere,
  } = options;
  const runner = fakeRunner({ context });
  const kept = new Map<string, string>();
  const completed: InMemoryWorld['completed'] = [];
  const begun: string[] = [];
  return {
    runner,
    kept,
    completed,
    begun,
    workspace: {
      read: async (path) => {
        const text = files[path];
        return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
      },
    },
    github: async () => ({
      runs: {
        stateOf: async (_, id) => {
          await meanwhile?.();
          return runs[id] ?? 'absent';
        },
      },
      comments: {
        keep: async (_, number, marker, markdown) => {
          kept.set(`${number} ${marker}`, markdown);
          return 'address';
        },
      },
      checks: { complete: async (_, check) => void completed.push(check) },
    }),
    delivery: async () => {
      begun.push('delivery');
      return delivery.as('build', { runner, claims });
    },
    readingIn: async () => {
      if (!elsewhere) throw new Error('this test has no other environment');
      begun.push('reading elsewhere');
      const { signer: _, ...reading } = elsewhere.as('build', { runner, claims });
      return reading;
    },
    reading: async () => {
      begun.push('reading');
      const { signer: _, ...reading } = delivery.as('build', { runner, claims });
      return reading;
    },
  };
}

export function given(changes: Partial<OpenChangeInputs> = {}): OpenChangeInputs {
  return {
    ...ACME,
    manifest: '.delivery/service.yaml',
    'base-manifest': undefined,
    kind: 'deploy',
    mode: 'propose',
    to: 'previous',
    from: 'latest',
    'from-region': undefined,
    reason: undefined,
    'external-ref': undefined,
    'github-token': 'token',
    ...changes,
  };
}
