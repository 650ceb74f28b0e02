import type { Hold, Reason } from './plan.ts';

/** Makes the reasons of one kind of credential from its codes, each with what to do. */
export function withRemedies<Code extends string>(remedies: Readonly<Record<Code, string>>) {
  const reason = (code: Code, message: string): Reason => ({ code, message, remedy: remedies[code] });
  const hold = (code: Code, message: string, facts: readonly string[] = []): Hold => ({
    kind: 'hold',
    reason: reason(code, message),
    facts,
  });
  return { reason, hold };
}
