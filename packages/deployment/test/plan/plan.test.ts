import { expect, test } from '@jest/globals';
import { parseDocument } from '@tenant-delivery/action-kit/document';
import { canonicalJson } from '@tenant-delivery/domain';
import { makePlan, Plan, type PlanFacts, planDifferences } from '../../src/plan/plan.ts';
import { registrable, withImage } from '../../src/task-definition/task-definition.ts';
import { describedTaskDefinition, OLD_IMAGE } from '../task-definition/a-task-definition.ts';

const repositoryUri = 'registry.example/acme/orders';

const REQUEST = `sha256:${'c'.repeat(64)}` as const;

function facts(more: Partial<PlanFacts> = {}): PlanFacts {
  const { image = { repositoryUri, digest: `sha256:${'b'.repeat(64)}` } as const } = more;
  const document = withImage(registrable(describedTaskDefinition()), 'app', image);
  return {
    kind: 'deploy',
    target: {
      tenant: 'acme',
      environment: 'prod',
      account: '000011112222',
      region: 'eu-west-1',
      service: 'orders',
    },
    cluster: 'acme-prod',
    container: 'app',
    image,
    wanted: { document, revision: undefined },
    service: [],
    migration: null,
    request: REQUEST,
    current: {
      arn: 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7',
      family: 'acme-prod-orders',
      active: true,
      document: describedTaskDefinition(),
      tags: [],
    },
    notes: [],
    ...more,
  };
}

test('names what is and what will be, and nothing that moves by itself', () => {
  const plan = makePlan(facts());
  expect(plan).toMatchObject({ changes: true, class: 'normal', image: { from: OLD_IMAGE } });
  expect(plan.taskDefinition.changes.map(({ path }) => path)).toEqual(['containerDefinitions.app.image']);
  expect(canonicalJson(plan)).toBe(canonicalJson(makePlan(facts())));
  expect(parseDocument(Plan, plan)).toEqual({ document: plan });
});

test('the image that runs already is no change', () => {
  const plan = makePlan(facts({ image: { repositoryUri, digest: `sha256:${'a'.repeat(64)}` } }));
  expect(plan).toMatchObject({ changes: false, taskDefinition: { changes: [] } });
});

test('what only the service changes is a change too, and a revision that is deployed as it is is named', () => {
  const [change] = [{ path: 'enableExecuteCommand', from: 'true', to: 'false' }];
  const same = facts({ image: { repositoryUri, digest: `sha256:${'a'.repeat(64)}` } });
  expect(makePlan({ ...same, service: [change] })).toMatchObject({
    changes: true,
    service: { changes: [change] },
  });
  const revision = same.current.arn.replace(/7$/, '5');
  const { document } = facts().wanted;
  expect(makePlan(facts({ wanted: { document, revision } })).taskDefinition.to).toBe(revision);
});

test('a rollback is pre-approved', () => {
  expect(makePlan(facts({ kind: 'rollback' })).class).toBe('pre-approved');
});

test('lists every member in which the plan of now differs from the approved one', () => {
  const approved = makePlan(facts());
  const arn = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8';
  const now = makePlan(facts({ current: { ...facts().current, arn } }));
  expect(planDifferences(approved, approved)).toEqual([]);
  expect(planDifferences(approved, now)).toEqual([
    `taskDefinition.from: approved "${approved.taskDefinition.from}", now "${arn}"`,
  ]);
});
