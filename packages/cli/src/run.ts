import { nearest } from '@tenant-delivery/domain';
import type { Command, Io } from './io.ts';
import { CLEAR } from './terminal/terminal.ts';

interface Entry {
  readonly says: string;
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
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
  'run-workflow': {
    says: 'run a workflow file as GitHub would, against the local servers',
    load: async () => (await import('./commands/run-workflow.ts')).runWorkflowCommand,
  },
  contract: {
    says: 'init | lint | status | diff | sizes | matrix | render | complete | sign | publish: the contract with a tenant',
    load: async () => (await import('./commands/contract.ts')).contract,
  },
  doctor: {
    says: 'FILE…: is everything there that the contracts promise, and what mends what is not',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'observe-tenant': {
    says: 'draft a contract from an account that exists',
    load: async () => (await import('./commands/observe-tenant.ts')).observeTenant,
  },
  policy: {
    says: 'lint | try | explain | import: what a scan policy allows, and what it makes of findings',
    load: async () => (await import('./commands/policy.ts')).policy,
  },
  'verify-evidence': {
    says: 'FILE --trust FILE [--contract FILE] [--json]: verify a change, offline',
    load: async () => (await import('./commands/verify-evidence.ts')).verifyEvidenceCommand,
  },
};

export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (entry) {
    const command = await entry.load();
    return command(rest, io).catch((thrown: unknown) => {
      io.terminal?.write(CLEAR); // what was shown in place when it ended
      if (!io.interrupted.aborted) throw thrown;
      io.err('Interrupted.');
      return 130; // as a shell answers for SIGINT
    });
  }
  const help = name === undefined || name === 'help' || name === '--help' || name === '-h';
  const say = help ? io.out : io.err;
  if (!help) {
    const near = nearest(name, Object.keys(COMMANDS));
    say(`tenant-delivery has no command ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : '.'}`);
  }
  say('Usage: tenant-delivery COMMAND');
  for (const [command, { says }] of Object.entries(COMMANDS)) say(`  ${command.padEnd(16)} ${says}`);
  return help ? 0 : 2;
}
