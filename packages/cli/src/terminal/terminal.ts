import type { Io } from '../io.ts';

/** Where progress is shown: lines that stay, and on a terminal one line that is drawn over until the next stays. */
export interface Terminal {
  line(text?: string): void;
  /** Shown in place on a terminal, nowhere else. */
  passing(text: string): void;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Wipes the line that the cursor stands in. */
export const CLEAR = '\r\u001b[2K';

const CONTROLS = /[\p{Cc}\p{Cf}]+/gu; // a tab or an escape sequence in a job's log would break the line that is drawn over

export function terminalOf(io: Io): Terminal {
  const live = io.terminal !== undefined;
  let drawn = false;
  const wipe = () => {
    if (drawn) io.terminal?.write(CLEAR);
    drawn = false;
  };
  const style = (on: number, off: number) => (text: string) =>
    live ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    line: (text = '') => {
      wipe();
      io.out(text);
    },
    passing: (text) => {
      if (!io.terminal) return;
      wipe();
      io.terminal.write(text.replace(CONTROLS, ' ').slice(0, Math.max(20, io.terminal.columns - 1)));
      drawn = true;
    },
    dim: style(2, 22),
    bold: style(1, 22),
  };
}
