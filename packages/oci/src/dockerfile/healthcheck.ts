import { jsonForm } from './json-form.ts';
import type { Line } from './read.ts';

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
export function readHealthcheck(line: Pick<Line, 'text' | 'flags'>): Healthcheck {
  const text = line.text.trim();
  if (/^NONE$/i.test(text)) return { Test: ['NONE'] };
  const command = /^CMD\s+(.+)$/is.exec(text)?.[1];
  const list = command === undefined ? undefined : jsonForm(command);
  if (command === undefined || list?.length === 0)
    throw new SyntaxError('HEALTHCHECK takes CMD and a command, or NONE');
  const options: Record<string, unknown> = {};
  for (const { name, value = '' } of line.flags) {
    if (name === 'retries') options['Retries'] = retries(value);
    else if (name in MEMBERS) options[MEMBERS[name as keyof typeof MEMBERS]] = nanoseconds(value); // `in` has just said so
  }
  const said = Object.entries(options).filter(([, amount]) => amount !== 0); // zero means the engine's default
  return { Test: list ? ['CMD', ...list] : ['CMD-SHELL', command.trim()], ...Object.fromEntries(said) };
}

function retries(value: string): number {
  if (!/^\+?\d+$/.test(value) || Number(value) >= 2 ** 31)
    throw new SyntaxError(`--retries=${value} is no count; write 3`);
  return Number(value);
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g;

function nanoseconds(duration: string): number {
  if (/^\+?0$/.test(duration)) return 0;
  const parts = [...duration.matchAll(PART)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== duration.replace(/^\+/, '')) {
    throw new SyntaxError(`${JSON.stringify(duration)} is no duration; write 5s, 1m30s`);
  }
  const sum = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
  const whole = Math.round(sum);
  if (whole !== 0 && whole < 1e6)
    throw new SyntaxError(`${duration} is too short; a check takes at least 1ms`);
  return whole;
}
