import type { RegistryProgress } from '@tenant-delivery/oci/registry/port';

/** Where one thing is that a registry does after a push. */
export interface Step {
  readonly state: 'complete' | 'failed' | 'waiting' | 'unlisted';
  /** For people: what it is, and what the registry says of it. */
  readonly said: string;
}

/**
 * What the registry says of each region or profile that is waited for. Only COMPLETE is an end that counts; a word that
 * we do not know is waited out, and a copy that is not listed has not begun.
 */
export function judgeProgress(
  what: string,
  wanted: readonly string[],
  rows: readonly RegistryProgress[],
): readonly Step[] {
  return wanted.map((of) => {
    const said = rows.filter((row) => row.of === of);
    const failed = said.find(({ status }) => status === 'FAILED');
    if (failed)
      return { state: 'failed', said: `${what} ${of} failed: ${failed.why ?? 'no reason was given'}` };
    const open = said.find(({ status }) => status !== 'COMPLETE');
    if (open) return { state: 'waiting', said: `${what} ${of} is ${open.status}` };
    return said.length > 0
      ? { state: 'complete', said: `${what} ${of} is complete` }
      : { state: 'unlisted', said: `the registry knows of no ${what} ${of}` };
  });
}
