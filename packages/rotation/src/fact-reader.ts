import type { ReadFact } from './journal.ts';

type Members = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, readonly string[]>>;

/**
 * Reads the facts of one kind of credential. `facts` and `steps`: what each of them must say as text. `further`: what is
 * wrong with a fact beside that. What this version does not know was written by a newer one, and stops the rotation.
 */
export function factReader<F>(
  facts: Texts,
  steps: Texts,
  further: (kind: string, fact: Members) => string | undefined = () => undefined,
): ReadFact<F> {
  return (value) => {
    const fact = membersOf(value);
    const kind = fact['kind'];
    if (typeof kind !== 'string' || !Object.hasOwn(facts, kind))
      return { problem: 'says something that this version does not know' };
    const missing = missingOf(fact, facts[kind] ?? []);
    if (missing) return { problem: `says ${kind} without ${missing}` };
    const problem = further(kind, fact);
    if (problem) return { problem };
    if (kind !== 'began' && kind !== 'ended') return { fact: value as F }; // its members were looked at
    const step = membersOf(fact['step']);
    const name = String(step['do']);
    if (!Object.hasOwn(steps, name)) return { problem: 'names a step that this version does not know' };
    const absent = missingOf(step, steps[name] ?? []);
    return absent ? { problem: `${name} without ${absent}` } : { fact: value as F };
  };
}

export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function missingOf(members: Members, texts: readonly string[]): string | undefined {
  return texts.find((name) => typeof members[name] !== 'string');
}
