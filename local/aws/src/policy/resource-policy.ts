import { grammarMistakes } from './grammar/document.ts';
import type { PolicyKind } from './grammar/mistake.ts';
import { inWords } from './grammar/words.ts';

const ON_A_RESOURCE: PolicyKind = { principal: 'required', resource: 'required' };

/** What is wrong with the policy of a resource whose service has no words of its own for it. */
export function* resourcePolicyMistakes(policy: string): Iterable<string> {
  for (const mistake of grammarMistakes(policy, ON_A_RESOURCE)) yield inWords(mistake);
}
