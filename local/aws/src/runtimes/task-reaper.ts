import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Reads which process groups live, one `+ GROUP` or `- GROUP` a line; what it hears twice it knows once. When its input
 * ends, the server is gone, whatever killed it, and the groups that are left follow it.
 */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac
  case $sign in +) groups="$groups$group " ;; esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const living = new Set<number>();
let reaper: ChildProcess | undefined;

/** No process of this group outlives this process, once the reaper knows it. `ended` says that the group has ended. */
export function endWithUs(group: number): { readonly known: Promise<void>; ended(): void } {
  living.add(group);
  return {
    known: makeKnown(group),
    ended: () => {
      living.delete(group);
      if (reaper) void tell(reaper, '-', group);
    },
  };
}

/** A reaper that somebody has killed is replaced at once: the next one hears of all groups that live. */
async function makeKnown(group: number): Promise<void> {
  const first = reaper ?? startReaper();
  reaper = first;
  if (await tell(first, '+', group)) return;
  if (reaper === first) reaper = undefined;
  reaper ??= startReaper();
  await tell(reaper, '+', group);
}

function startReaper(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    detached: true, // a signal to all processes of a terminal does not reach it
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('close', () => {
    if (reaper !== child) return;
    reaper = living.size > 0 ? startReaper() : undefined; // at once: this process may be killed next
  });
  child.stdin?.on('error', () => {}); // somebody has killed it: the next task starts another
  child.on('error', () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref(); // a pipe to a child is one
  for (const group of living) void tell(child, '+', group);
  return child;
}

/** Whether its input took the word. */
async function tell({ stdin }: ChildProcess, sign: '+' | '-', group: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  stdin?.write(`${sign} ${group}\n`, (failed) => resolve(!failed));
  return promise;
}
