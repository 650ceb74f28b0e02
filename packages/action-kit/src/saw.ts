import type { Runner } from './runner.ts';

/** What one job saw that shows whether an assumption holds: numbers and AWS's own words, never a secret. */
export interface Saw {
  /** Its id in docs/assumptions.md. */
  readonly assumption: string;
  readonly facts: Facts;
}

export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Says it in the job's debug log, where `tenant-delivery canary` reads it. */
export function saw({ debug }: Pick<Runner, 'debug'>, assumption: string, facts: Facts): void {
  debug(`saw ${JSON.stringify({ assumption, facts })}`);
}

/** All that the log of a job with step debug logging says of assumptions, in order. */
export function sawIn(log: string): readonly Saw[] {
  return [...log.matchAll(/##\[debug\]saw (\{.*\})\r?$/gm)].flatMap(([, text = '']) => {
    try {
      const { assumption, facts } = JSON.parse(text) as Partial<Saw>; // checked below
      return typeof assumption === 'string' && typeof facts === 'object' ? [{ assumption, facts }] : [];
    } catch {
      return [];
    }
  });
}
