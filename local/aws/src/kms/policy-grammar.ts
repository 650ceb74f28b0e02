import type { PolicyDocument } from '../policy/document.ts';
import { grammarMistakes } from '../policy/grammar/document.ts';
import type { GrammarMistake, PolicyKind } from '../policy/grammar/mistake.ts';
import { inWords } from '../policy/grammar/words.ts';
import { unknownPrincipal } from '../policy/principals.ts';
import type { World } from '../world/world.ts';

const KEY: PolicyKind = { principal: 'required', resource: 'required' };

/** What is wrong with a key policy, in the words of KMS ("Create a key policy", "PutKeyPolicy"). */
export function* keyPolicyMistakes(world: World, policy: string | object): Iterable<string> {
  const wrong = [...grammarMistakes(policy, KEY)].map(ofKey);
  yield* wrong;
  if (wrong.length > 0) return;
  const document = (typeof policy === 'string' ? JSON.parse(policy) : policy) as PolicyDocument; // its grammar is good
  if (unknownPrincipal(world, document) !== undefined)
    yield 'Policy contains a statement with one or more invalid principals.';
}

function ofKey(mistake: GrammarMistake): string {
  if (mistake.kind === 'missing' && mistake.element === 'Principal')
    return 'Policy contains a statement with no principal.';
  if (mistake.kind === 'principal') return 'Policy contains a statement with one or more invalid principals.';
  return inWords(mistake);
}
