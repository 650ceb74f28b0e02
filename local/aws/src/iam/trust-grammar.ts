import { many, type PolicyDocument, type Statement, statementsOf } from '../policy/document.ts';
import { grammarMistakes } from '../policy/grammar/document.ts';
import type { GrammarMistake, PolicyKind } from '../policy/grammar/mistake.ts';
import { inWords } from '../policy/grammar/words.ts';
import { unknownPrincipal } from '../policy/principals.ts';
import type { World } from '../world/world.ts';
import { SID } from './permission-grammar.ts';

const TRUST: PolicyKind = {
  principal: 'required',
  resource: 'prohibited',
  sid: SID,
  actionsOf: /^sts:/i,
};

/** What is wrong with who may assume a role, in IAM's words. */
export function* trustMistakes(world: World, policy: string | object): Iterable<string> {
  const wrong = [...grammarMistakes(policy, TRUST)].map(ofTrust);
  yield* wrong;
  if (wrong.length > 0) return;
  const document = (typeof policy === 'string' ? JSON.parse(policy) : policy) as PolicyDocument; // its grammar is good
  const stranger = unknownPrincipal(world, document);
  if (stranger !== undefined) yield inWords({ kind: 'principal', type: 'AWS', value: stranger });
  yield* openToAllOfGitHub(document);
}

function ofTrust(mistake: GrammarMistake): string {
  if (mistake.kind === 'prohibited' && mistake.element === 'NotResource')
    return 'AssumeRole policy must not contain resources.';
  if (mistake.kind === 'action' && mistake.wrong === 'service')
    return 'AssumeRole policy may only specify STS AssumeRole actions.';
  return inWords(mistake);
}

const GITHUB = /:oidc-provider\/(token\.actions\.githubusercontent\.com(?:\/[\w-]+)?)$/;

/** "Identity-provider controls for shared OIDC providers": a trust in GitHub must name the repository. */
function* openToAllOfGitHub(document: PolicyDocument): Iterable<string> {
  for (const statement of statementsOf(document)) {
    if (statement.Effect !== 'Allow' || typeof statement.Principal !== 'object') continue;
    for (const principal of many(statement.Principal['Federated'])) {
      const host = GITHUB.exec(principal)?.[1];
      const keys = [`${host}:sub`, `${host}:job_workflow_ref`];
      if (host !== undefined && !narrowedBy(statement, keys))
        yield `Trust policy with trusted principal ${principal} must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, ${keys.join(' or ')} which is not scoped to all.`;
    }
  }
}

function narrowedBy({ Condition = {} }: Statement, keys: readonly string[]): boolean {
  return Object.entries(Condition).some(
    ([operator, values]) =>
      /^(ForAnyValue:)?String(Equals|Like|EqualsIgnoreCase)$/.test(operator) &&
      Object.entries(values).some(
        ([key, wanted]) =>
          keys.includes(key.toLowerCase()) && many(wanted).some((one) => !/^\*+$/.test(String(one))),
      ),
  );
}
