/** Worst first. `unknown` is what a registry said that we have no word for; policies treat it as a block. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational', 'unknown'] as const;

export type Severity = (typeof SEVERITIES)[number];
