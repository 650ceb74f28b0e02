import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, DOCUMENTS, faults, judged, ok, present, type Verdict, wrong } from './line.ts';
import { policyDifferences } from './policy-differences.ts';
import type { Sight } from './ports.ts';

/** That the vault forgets nothing, and lets nobody write who should not. */
export function vaultLines(place: AgreedEnvironment, { account }: Sight): readonly Asked[] {
  const { bucket, versioning, retention } = place.rendered.vault;
  const { region } = place.environment;
  const put = (what: string) => `aws s3api put-${what} --region ${region} --bucket ${bucket}`;
  const versioned = `${put('bucket-versioning')} --versioning-configuration Status=${versioning}`;
  const lock = `{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"${retention.mode}","Days":${retention.days}}}}`;
  const locking = `${put('object-lock-configuration')} --object-lock-configuration '${lock}'`;
  return [
    {
      id: 'vault/versioning',
      about: 'versions in the vault',
      verdict: judged(account.versioning(bucket), (found) =>
        found === versioning ? ok(found) : wrong(`they are ${found ?? 'not kept'}`, versioned),
      ),
    },
    {
      id: 'vault/lock',
      about: "the vault's Object Lock",
      verdict: present(account.lock(bucket), wrong('there is none', locking), ({ mode, days }) =>
        faults(
          [
            ...(mode === retention.mode
              ? []
              : [{ fault: `its mode is ${mode}, and ${retention.mode} is agreed`, mend: locking }]),
            ...(days === retention.days
              ? []
              : [{ fault: `it holds for ${days} days, and ${retention.days} are agreed`, mend: locking }]),
          ],
          `${mode} for ${days} days`,
        ),
      ),
    },
    {
      id: 'vault/public',
      about: 'the public and the vault',
      verdict: judged(account.shutToPublic(bucket), (shut) =>
        shut
          ? ok('shut out in all four ways')
          : wrong(
              'it is not shut out in all four ways',
              `${put('public-access-block')} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
            ),
      ),
    },
    {
      id: 'vault/policy',
      about: "the vault's policy",
      verdict: present(
        account.bucketPolicy(bucket),
        wrong('there is none', `${put('bucket-policy')} --policy file://${DOCUMENTS}/vault/policy.json`),
        (found) =>
          judgePolicy(place, found, `${put('bucket-policy')} --policy file://${DOCUMENTS}/vault/policy.json`),
      ),
    },
  ];
}

/** The statement of templates/iam/vault/policy.json whose exceptions are those who publish contracts. */
const PUBLISHING = 'OnlyTheProviderWritesContractsAndStopSigns';
/** One principal of IAM, by account and name; a session's or a path's end may be open. */
const PRINCIPAL = /^arn:[\w-]+:(iam::\d{12}:(user|role)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+\*?$/;

/**
 * Who publishes contracts is not in a contract. Where nobody said it, it is read from the policy, shown, and only the rest
 * is compared.
 */
function judgePolicy(
  { rendered, publishersGiven }: AgreedEnvironment,
  found: unknown,
  mend: string,
): Verdict {
  const { policy } = rendered.vault;
  if (publishersGiven) return judge(policyDifferences(policy, found), 'as in the contract', mend);
  const publishers = publishersIn(found);
  const open = publishers.filter((each) => !PRINCIPAL.test(each));
  if (publishers.length === 0 || open.length > 0) {
    const why = open.length > 0 ? `it lets ${open.join(', ')} publish contracts` : `it has no ${PUBLISHING}`;
    return wrong(why, mend);
  }
  const placed = replaced(policy, publishersIn(policy), publishers);
  return judge(
    policyDifferences(placed, found),
    `as in the contract, and ${publishers.join(', ')} publishes; name who should with --publisher to have that compared`,
    mend,
  );
}

function judge(differences: readonly string[], good: string, mend: string): Verdict {
  return differences.length === 0 ? ok(good) : wrong(differences.join('; '), mend);
}

function publishersIn(policy: unknown): readonly string[] {
  const said: unknown = Reflect.get(Object(policy), 'Statement');
  const statement = [said].flat().find((each) => Reflect.get(Object(each), 'Sid') === PUBLISHING);
  const condition: unknown = Reflect.get(Object(statement), 'Condition');
  const operator: unknown = Reflect.get(Object(condition), 'ArnNotLike');
  const names: unknown = Reflect.get(Object(operator), 'aws:PrincipalArn');
  return [names].flat().filter((each) => typeof each === 'string');
}

/** The same policy with others in the place of those who publish. */
function replaced(node: unknown, from: readonly string[], to: readonly string[]): unknown {
  const isFrom = (item: unknown) => typeof item === 'string' && from.includes(item);
  if (isFrom(node)) return to;
  if (Array.isArray(node)) {
    const others = node.filter((item) => !isFrom(item)).map((item) => replaced(item, from, to));
    return others.length === node.length ? others : [...others, ...to];
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, replaced(item, from, to)]));
}
