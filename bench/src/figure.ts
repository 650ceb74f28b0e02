/** One measured figure, with what was promised. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** The most that holds. */
  readonly target: number;
}

export function held({ value, target }: Figure): boolean {
  return value <= target;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Two decimals, so that equal runs print equal figures. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
