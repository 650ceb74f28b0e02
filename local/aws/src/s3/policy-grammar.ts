import { actionReference } from '../authorization/reference.ts';
import { many, type PolicyDocument, type Statement, statementsOf } from '../policy/document.ts';
import { grammarMistakes } from '../policy/grammar/document.ts';
import type { GrammarMistake, PolicyKind } from '../policy/grammar/mistake.ts';
import { inWords } from '../policy/grammar/words.ts';
import { unknownPrincipal } from '../policy/principals.ts';
import type { World } from '../world/world.ts';

const BUCKET: PolicyKind = {
  principal: 'required',
  resource: 'required',
  actionsOf: /^(\*|s3:|s3-object-lambda:)/i,
  arns: true,
};

/** What is wrong with a bucket policy, in S3's words ("Policies and permissions in Amazon S3"). */
export function* bucketPolicyMistakes(
  world: World,
  bucket: string,
  policy: string | object,
): Iterable<string> {
  const wrong = [...grammarMistakes(policy, BUCKET)].map(ofBucket);
  yield* wrong;
  if (wrong.length > 0) return;
  const document = (typeof policy === 'string' ? JSON.parse(policy) : policy) as PolicyDocument; // its grammar is good
  if (unknownPrincipal(world, document) !== undefined) yield 'Invalid principal in policy';
  for (const statement of statementsOf(document)) yield* resourceMistakes(statement, bucket);
}

function* resourceMistakes(statement: Statement, bucket: string): Iterable<string> {
  const resources = many(statement.Resource ?? statement.NotResource);
  const own = new RegExp(`^arn:[a-z-]+:s3:::${bucket.replaceAll('.', '\\.')}(/|\\*|$)`);
  if (resources.some((resource) => resource !== '*' && !own.test(resource)))
    yield 'Policy has invalid resource';
  else if (
    statement.Resource !== undefined &&
    many(statement.Action).some((action) => !meets(action, resources))
  )
    yield 'Action does not apply to any resource(s) in statement';
}

/** An action on objects needs an ARN of objects, and one on buckets the bucket's own. */
function meets(action: string, resources: readonly string[]): boolean {
  const kinds = actionReference(action)?.resourceTypes.map(({ name }) => name) ?? [];
  if (kinds.length === 0) return true; // a pattern, or what the reference does not know
  return resources.some(
    (resource) =>
      resource.endsWith('*') ||
      (kinds.includes('object') && resource.includes('/')) ||
      (kinds.includes('bucket') && !resource.includes('/')) ||
      !(kinds.includes('object') || kinds.includes('bucket')),
  );
}

function ofBucket(mistake: GrammarMistake): string {
  switch (mistake.kind) {
    case 'json':
      return "Policies must be valid JSON and the first byte must be '{'";
    case 'principal':
      return 'Invalid principal in policy';
    case 'action':
      return 'Policy has invalid action';
    case 'resource':
      return 'Policy has invalid resource';
    case 'condition key':
      return 'Policy has an invalid condition key';
    case 'syntax':
      return mistake.element === 'Version'
        ? 'The policy must contain a valid version string'
        : inWords(mistake);
    default:
      return inWords(mistake);
  }
}
