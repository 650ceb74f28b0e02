import type { Terminal } from '../terminal/terminal.ts';

/** Claims are printed with what was found; the demo succeeds only if every one held. */
export interface Claims {
  /** `holds` is judged before anything is printed; `found` says what was seen when it does not hold. */
  claim(says: string, holds: boolean, found?: () => string): void;
  readonly broken: () => number;
  readonly made: () => number;
}

export function claimsOn(terminal: Terminal): Claims {
  let made = 0;
  let broken = 0;
  return {
    made: () => made,
    broken: () => broken,
    claim: (says, holds, found) => {
      made += 1;
      if (!holds) broken += 1;
      terminal.line(`  ${holds ? '✓' : '✗'} ${says}`);
      if (!holds && found) terminal.line(`      found: ${found()}`);
    },
  };
}
