import { dirname, join, posix } from 'node:path';
import type { ContainerOrder } from './runtime.ts';

/** How a container's command is started on this machine. */
export type ContainerCommand =
  | {
      readonly kind: 'run';
      readonly file: string;
      readonly args: readonly string[];
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
    }
  /** In the words of a container runtime that could not start it. */
  | { readonly kind: 'cannot-start'; readonly reason: string };

interface Machine {
  /** Folder that holds the image's file system. */
  readonly root: string;
  readonly node: string;
  readonly exists: (path: string) => boolean;
}

const NODE = /^(\/usr(\/local)?\/bin\/)?node(js)?$/;
const SHELL = /^(\/usr)?(\/bin\/)?(sh|bash|ash)$/;

/**
 * ENTRYPOINT and CMD with the task definition's overrides ("Amazon ECS task definition parameters": an overridden
 * entry point drops the image's command). `node` is the machine's, a shell that the image lacks too; absolute paths
 * and the working directory lie inside the unpacked image. Nothing of the machine's environment is passed on.
 */
export function commandOf(order: ContainerOrder, machine: Machine, region: string): ContainerCommand {
  const { config } = order.content;
  const entry = order.entryPoint ?? config.entrypoint;
  const command = order.command ?? (order.entryPoint === undefined ? config.cmd : []);
  const [program, ...args] = [...entry, ...command];
  if (program === undefined) return cannot('no command specified');
  const workdir = inImage('/', order.workingDirectory ?? config.workdir);
  const cwd = join(machine.root, workdir);
  const file = programFile(program, workdir, config.env['PATH'] ?? '', machine);
  if (file === undefined) return cannot(`exec: "${program}": executable file not found in $PATH`);
  if (!machine.exists(cwd)) return cannot(`chdir to "${workdir}": no such file or directory`);
  return {
    kind: 'run',
    file,
    args: args.map((arg) => insideRoot(arg, machine)),
    cwd,
    env: {
      HOME: cwd,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      ...config.env,
      ...order.environment,
      PATH: `${dirname(machine.node)}:/usr/bin:/bin`,
    },
  };
}

function programFile(program: string, workdir: string, path: string, machine: Machine): string | undefined {
  if (NODE.test(program)) return machine.node;
  const places = program.includes('/')
    ? [inImage(workdir, program)]
    : path.split(':').map((folder) => inImage(inImage('/', folder), program));
  const found = places.map((place) => join(machine.root, place)).find(machine.exists);
  return found ?? (SHELL.test(program) ? '/bin/sh' : undefined);
}

function insideRoot(arg: string, { root, exists }: Machine): string {
  if (!arg.startsWith('/')) return arg;
  const inside = join(root, inImage('/', arg));
  return exists(inside) ? inside : arg;
}

/** Resolves like a path in the image, so that no `..` climbs out of it. */
const inImage = (from: string, path: string) => posix.resolve('/', from, path);

const cannot = (reason: string): ContainerCommand => ({
  kind: 'cannot-start',
  reason: `CannotStartContainerError: failed to start the container: ${reason}`,
});
