import { run } from '@tenant-delivery/cli/run';
import { peakOfMemory } from './peak-of-memory.ts';

/** One run of `verify-evidence`, in a process of its own. */
export interface Verified {
  /** Seconds of processor time, from the process's start. Others may share the machine. */
  readonly seconds: number;
  /** The most memory that the process ever held, in MB. */
  readonly peak: number;
  readonly verdict: string;
}

const printed: string[] = [];
const code = await run(['verify-evidence', ...process.argv.slice(2)], {
  cwd: process.cwd(),
  env: {},
  out: (text) => printed.push(text),
  err: (text) => process.stderr.write(text),
  interrupted: new AbortController().signal,
});
process.exitCode = code;
const { user, system } = process.cpuUsage();
const verdict = printed.join('\n').split('\n').at(-1) ?? '';
const verified: Verified = { seconds: (user + system) / 1e6, peak: peakOfMemory(), verdict };
process.stdout.write(JSON.stringify(verified)); // read by evidence.ts
