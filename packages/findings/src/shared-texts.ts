import type { Cvss } from './finding.ts';

/** One copy of each text and score, however many rows say it: a list of findings says the same words over and over. */
export interface SharedTexts {
  text(said: string): string;
  score(said: Cvss): Cvss;
}

export function sharedTexts(): SharedTexts {
  const texts = new Map<string, string>();
  const scores = new Map<string, Cvss>();
  const text = (said: string): string => {
    const known = texts.get(said);
    if (known !== undefined) return known;
    texts.set(said, said);
    return said;
  };
  return {
    text,
    score(said) {
      const { score, version, source, vector = '' } = said;
      const key = `${score} ${version} ${source} ${vector}`;
      const known = scores.get(key);
      if (known !== undefined) return known;
      scores.set(key, said);
      return said;
    },
  };
}
