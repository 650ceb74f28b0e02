import type { Verdict } from './check.ts';
import type { Seen } from './observed.ts';

export function pass(observed: string): Verdict {
  return { result: 'pass', observed };
}

export function fail(observed: string, remedy: string): Verdict {
  return { result: 'fail', observed, remedy };
}

/** It is not as one would expect, and a deploy goes on. */
export function warn(observed: string, remedy: string): Verdict {
  return { result: 'fail', observed, remedy, warns: true };
}

export function unknown(observed: string): Verdict {
  return { result: 'unknown', observed };
}

/** Judges what was seen; what was not is unknown, never absent or good. */
export function seen<T>(look: Seen<T>, judge: (value: T) => Verdict): Verdict {
  if (look.kind === 'seen') return judge(look.value);
  return {
    result: 'unknown',
    observed: `not seen: ${look.why}`,
    ...(look.denied && { missing: look.action }),
  };
}

/** One verdict from several: the worst one, with everything that is as bad. */
export function combined(parts: readonly Verdict[], nothing: string): Verdict {
  const of = (result: Verdict['result']) => parts.filter((part) => part.result === result);
  const said = (verdicts: readonly Verdict[]) =>
    [...new Set(verdicts.map(({ observed }) => observed))].join('; ');
  const failed = parts.filter((part) => part.result === 'fail');
  if (failed.length > 0) {
    const remedy = [...new Set(failed.map((each) => each.remedy))].join(' ');
    return (failed.every(({ warns }) => warns) ? warn : fail)(said(failed), remedy);
  }
  const unseen = of('unknown');
  if (unseen.length > 0) {
    const missing = parts.find((part) => part.result === 'unknown' && part.missing !== undefined);
    return missing ? { ...missing, observed: said(unseen) } : unknown(said(unseen));
  }
  return pass(said(parts) || nothing);
}
