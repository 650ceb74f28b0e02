import { type Commands, runNamed } from './commands.ts';
import type { Io } from './io.ts';
import { RELEASED } from './released-commands.ts';

/** What needs the sources: local servers, what makes a release, and what is used once and would make every job's download larger. */
const OF_SOURCES: Commands = {
  demo: {
    says: 'deliver a customer repository on this machine, and show it [--all]',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  init: {
    says: "--owner OWNER/REPO: make this copy of the repository a provider's own",
    load: async () => (await import('./commands/init.ts')).init,
  },
  local: {
    says: 'up: start local-aws and local-github and print their addresses',
    load: async () => (await import('./commands/local.ts')).local,
  },
  canary: {
    says: '--tenant NAME: play deliveries in a tenant kept for this, and compare AWS with the local AWS',
    load: async () => (await import('./commands/canary.ts')).canaryCommand,
  },
  migrate: {
    says: "FILE [--write]: put this project's steps into a workflow that builds, pushes and deploys with other actions",
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  'run-workflow': {
    says: 'run a workflow file as GitHub would, against the local servers',
    load: async () => (await import('./commands/run-workflow.ts')).runWorkflowCommand,
  },
};

export function run(args: readonly string[], io: Io): Promise<number> {
  return runNamed({ ...OF_SOURCES, ...RELEASED }, args, io);
}
