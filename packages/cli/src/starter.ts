import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process and its parent, as they were when this process started. */
type Link = readonly [child: number, parent: number];

const LOOK_EVERY_MS = 500;

/**
 * Calls `then` once the process that started this command has ended, even if it was killed. Between the two are our
 * launcher, and under npx a shell and npm: if one of these ends, the rest is alone. Keeps the process alive.
 */
export function onStarterGone(then: () => void): () => void {
  const links = linksToStarter();
  const timer = setInterval(() => {
    if (links.some(([child, parent]) => lookUp(child)?.parent !== parent)) then();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

function linksToStarter(): readonly Link[] {
  const links: Link[] = [];
  for (let child = process.pid; ; ) {
    const parent = lookUp(child)?.parent ?? 0;
    if (parent <= 1) return links; // nobody waits for it
    links.push([child, parent]);
    if (!lookUp(parent)?.command.includes('tenant-delivery')) return links;
    child = parent;
  }
}

function lookUp(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined; // it has ended
  }
}

function fromProc(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // after the name: state, parent
  return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
}

function fromPs(pid: number) {
  const said = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return { parent: Number.parseInt(said, 10), command: said };
}
