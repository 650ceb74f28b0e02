import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Reads which process groups live, one `+ GROUP` or `- GROUP` a line. When its input ends, the server is gone, whatever
 * killed it, and the groups that are left follow it.
 */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const living = new Set<number>();
let reaper: ChildProcess | undefined;

/** Before a group is started: from now on somebody watches for the end of this process. */
export function watchForOurEnd(): void {
  reaper ??= startReaper();
}

/** No process of this group outlives this process. The answer says that the group has ended. */
export function endWithUs(group: number): () => void {
  living.add(group);
  if (reaper) tell(reaper, '+', group);
  return () => {
    living.delete(group);
    if (reaper) tell(reaper, '-', group);
  };
}

function startReaper(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    detached: true, // a signal to all processes of a terminal does not reach it
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('close', () => {
    if (reaper === child) reaper = undefined;
  });
  child.stdin?.on('error', () => {}); // somebody has killed it: the next task starts another
  child.on('error', () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref(); // a pipe to a child is one
  for (const group of living) tell(child, '+', group);
  return child;
}

function tell(child: ChildProcess, sign: '+' | '-', group: number): void {
  child.stdin?.write(`${sign} ${group}\n`);
}
