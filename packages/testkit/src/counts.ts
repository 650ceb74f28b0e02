import counts from './counts.json' with { type: 'json' };

type Counts = typeof counts;

/**
 * Prints how much a witness has judged, and fails when that is less than `counts.json` says: a case that nobody plays any
 * more cannot fail. If you add cases, write the new number there. If you take one away, lower the number and say why in
 * the commit. Numbers of sampled inputs are round, because each new model moves them a little.
 */
export function counted<W extends keyof Counts>(
  witness: W,
  found: Readonly<Record<keyof Counts[W], number>>,
): void {
  const before: Readonly<Record<string, number>> = counts[witness];
  const now = Object.entries<number>(found);
  process.stdout.write(`${witness}: ${now.map(([what, count]) => `${count} ${what}`).join(', ')}\n`);
  const fell = now.filter(([what, count]) => count < (before[what] ?? 0));
  if (fell.length === 0) return;
  const lines = fell.map(([what, count]) => `${witness}: ${count} ${what}, ${before[what]} before`);
  throw new Error(
    `${lines.join('\n')}\nIf that is meant, lower it in packages/testkit/src/counts.json and say why in the commit.`,
  );
}
