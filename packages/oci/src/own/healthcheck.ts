import type { Line } from '../dockerfile/read.ts';
import { jsonForm } from './json-form.ts';

/** Docker's `Healthcheck`; durations in nanoseconds. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly [member: string]: unknown;
}

const MEMBERS = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;

/** Rule: Dockerfile reference, "HEALTHCHECK". Throws a SyntaxError that says what is wrong. */
export function readHealthcheck(line: Line): Healthcheck {
  const text = line.text.trim();
  if (/^NONE$/i.test(text)) return { Test: ['NONE'] };
  const command = /^CMD\s+(.+)$/is.exec(text)?.[1];
  if (command === undefined) throw new SyntaxError('HEALTHCHECK takes CMD and a command, or NONE');
  const list = jsonForm(command);
  const options: Record<string, unknown> = {};
  for (const { name, value } of line.flags) {
    if (name === 'retries') options['Retries'] = Number(value);
    else if (name in MEMBERS) options[MEMBERS[name as keyof typeof MEMBERS]] = nanoseconds(value); // `in` has just said so
  }
  return { Test: list ? ['CMD', ...list] : ['CMD-SHELL', command.trim()], ...options };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function nanoseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== duration) {
    throw new SyntaxError(`${JSON.stringify(duration)} is no duration; write 5s, 1m30s`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}
