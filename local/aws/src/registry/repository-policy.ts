import { grammarMistakes } from '../policy/grammar/document.ts';
import type { PolicyKind } from '../policy/grammar/mistake.ts';
import { inWords } from '../policy/grammar/words.ts';

/** The repository is the resource: a policy need not name one. */
const REPOSITORY: PolicyKind = {
  principal: 'required',
  resource: 'optional',
  actionsOf: /^(\*|ecr:)/i,
};

/** What is wrong with who may use a repository ("Private repository policies in Amazon ECR"). */
export function* repositoryPolicyMistakes(policy: string | object): Iterable<string> {
  for (const mistake of grammarMistakes(policy, REPOSITORY))
    yield `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided': ${inWords(mistake)}`;
}
