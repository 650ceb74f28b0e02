import { readFileSync } from 'node:fs';

/** The most memory that this process ever held, in MB. What getrusage says begins with what its parent held. */
export function peakOfMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('this system does not say what a process held at most');
  return Number(kilobytes) / 1000;
}
