import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { asksOf } from '../src/authorization/asks/index.ts';
import { decideBy } from '../src/authorization/decide.ts';
import { actionReference, readReference } from '../src/authorization/reference.ts';
import { lookupIn } from '../src/policy/context.ts';
import { many, type PolicyDocument, type Statement, statementsOf } from '../src/policy/document.ts';
import { services } from '../src/services/index.ts';
import { AwsError, type Call } from '../src/world/service.ts';
import { ACCOUNT, EVERY_KIND, prodWith } from './iam-rendered.ts';
import { manualWorld } from './manual-world.ts';

await readReference();

const principal = {
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/r`,
};
const document = (...Statement: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});
const statement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.subarray(['ecs:UpdateService', 'ecs:*', 'ecr:PutImage', '*'], { minLength: 1 }),
  Resource: fc.constantFrom('*', 'arn:aws:ecs:*:*:service/a/*', 'arn:aws:ecs:*:*:service/b/*'),
});
const policies = fc.array(
  fc.array(statement, { maxLength: 4 }).map((all) => document(...all)),
  { maxLength: 3 },
);
const ask = { action: 'ecs:UpdateService', resource: `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/a/x` };
const allowed = (identity: Omit<Parameters<typeof decideBy>[0], 'everything'>) =>
  decideBy({ everything: false, ...identity }, undefined, principal, ask, lookupIn({})).allowed;

describe('what a role may', () => {
  it('is what its policies, its boundary and its session policy all allow, in whatever order they stand', () => {
    fc.assert(
      fc.property(policies, policies, policies, (own, [boundary], [session]) => {
        const inside = { ...(boundary && { boundary }), ...(session && { session }) };
        const each = [own, ...Object.values(inside).map((one) => [one])];
        expect(allowed({ policies: own, ...inside })).toBe(each.every((one) => allowed({ policies: one })));
        expect(allowed({ policies: own.toReversed(), ...inside })).toBe(
          allowed({ policies: own, ...inside }),
        );
      }),
    );
  });

  it('grows by no denial, and shrinks by no permission', () => {
    fc.assert(
      fc.property(policies, statement, (own, more) => {
        const [before, after] = [allowed({ policies: own }), allowed({ policies: [...own, document(more)] })];
        expect(more.Effect === 'Deny' ? after <= before : after >= before).toBe(true);
      }),
    );
  });
});

test('IAM is asked for every operation that is answered, about actions that AWS knows', () => {
  const world = manualWorld();
  const call: Call = { principal, account: ACCOUNT, region: 'eu-west-1', requestId: '', world, headers: {} };
  const asked = services.flatMap(({ name, operations }) =>
    Object.keys(operations).flatMap((operation) => {
      try {
        return asksOf(name, operation, {}, call);
      } catch (thrown) {
        if (thrown instanceof AwsError) return []; // there is no such key
        throw thrown;
      }
    }),
  );
  expect(asked.filter(({ action }) => !actionReference(action))).toEqual([]);
  expect(asked.length).toBeGreaterThan(50);
});

const MUTATING = /Write|Permissions management|Tagging/;
const ELSEWHERE = {
  'another tenant': (text: string) => text.replaceAll(ACCOUNT, '000033334444').replaceAll('acme', 'globex'),
  'another environment': (text: string) => text.replaceAll('prod', 'staging'),
};

interface Tried {
  readonly asked: number;
  /** What is not denied. */
  readonly open: readonly string[];
  /** Named for all environments alike. */
  readonly shared: readonly string[];
}

/** Each change that a role of acme's production may make, asked about what is elsewhere. */
function tryChanges(elsewhere: (text: string) => string): Tried {
  const open: string[] = [];
  const shared = new Set<string>();
  let asked = 0;
  for (const { name, policies: own } of prodWith({ credentials: EVERY_KIND }).roles) {
    const all = Object.values(own) as readonly PolicyDocument[]; // as rendered
    const granted = all.flatMap((one) => [...statementsOf(one)]).filter(({ Effect }) => Effect === 'Allow');
    for (const { Action, Resource, Condition } of granted)
      for (const action of many(Action).filter((one) =>
        MUTATING.test(actionReference(one)?.accessLevel ?? ''),
      ))
        for (const pattern of many(Resource)) {
          const resource = elsewhere(pattern).replaceAll('*', 'x').replaceAll('?', 'a');
          const keys = Object.entries(Condition ?? {})
            .filter(([operator]) => operator !== 'Null')
            .flatMap(([, tested]) => Object.entries(tested));
          const context = Object.fromEntries(
            keys.map(([key, value]) => [key, elsewhere(String(many(value)[0]))]),
          );
          const condition = JSON.stringify(Condition ?? {});
          if (elsewhere(pattern + condition) === pattern + condition && pattern !== '*') {
            if (/[*]/.test(pattern)) shared.add(pattern);
            continue; // what is named has no other environment: a user, a secret, a tunnel of the contract
          }
          asked += 1;
          const identity = { everything: false, policies: all };
          if (decideBy(identity, undefined, principal, { action, resource }, lookupIn(context)).allowed)
            open.push(`${name} ${action} ${resource}`);
        }
  }
  return { asked, open, shared: [...shared] };
}

const TRIED = Object.entries(ELSEWHERE).map(([where, elsewhere]) => {
  const tried = tryChanges(elsewhere);
  return { where, ...tried, denied: tried.asked - tried.open.length };
});

/** What the environments of one account can't be kept apart in ("An attacker at each place", docs/security.md). */
const SHARED_BY_ENVIRONMENTS = [
  expect.stringMatching(/:repository\/acme\/\*$/), // a tenant's images are those of all its environments
  expect.stringMatching(/:role\/aws-service-role\/\*$/), // an account has each of these once
  expect.stringMatching(/:scalable-target\/\*$/), // AWS names them at random, and a template can't tag them
];

test.each(TRIED)(
  'IAM alone denies every change that a role may make here to $where: $asked asked, $denied denied',
  ({ where, asked, open, shared }) => {
    expect(asked).toBeGreaterThan(15);
    expect(open).toEqual([]);
    expect(shared).toEqual(where === 'another tenant' ? [] : SHARED_BY_ENVIRONMENTS);
  },
);
