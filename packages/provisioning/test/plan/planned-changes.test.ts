import { describe, expect, it, test } from '@jest/globals';
import { canonicalJson } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { irreversible } from '../../src/plan/irreversible.ts';
import { refusedChanges, takenPriorities } from '../../src/plan/judge-changes.ts';
import { isKeptType, KEPT_TYPES } from '../../src/plan/kept-types.ts';
import type { PlannedChange } from '../../src/plan/plan.ts';
import { plannedChanges } from '../../src/plan/planned-changes.ts';
import type { ChangeSet, ResourceChange } from '../../src/ports.ts';

const TEMPLATE = { AWSTemplateFormatVersion: '2010-09-09', Description: '', Resources: {} } as const;

const text = fc.string({ maxLength: 12 });
const property = fc.record({
  path: text,
  before: fc.option(text, { nil: undefined }),
  after: fc.option(text, { nil: undefined }),
});
const change: fc.Arbitrary<ResourceChange> = fc.record({
  logicalId: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/),
  type: fc.constantFrom(...KEPT_TYPES, 'AWS::EC2::Route', 'AWS::ECS::Service', 'AWS::Logs::LogGroup'),
  id: fc.option(text, { nil: undefined }),
  action: fc.constantFrom('Add', 'Modify', 'Remove', 'Import', 'Dynamic'),
  replacement: fc.constantFrom('True', 'False', 'Conditional', undefined),
  policyAction: fc.constantFrom('Delete', 'Retain', 'Snapshot', 'ReplaceAndDelete', undefined),
  properties: fc.array(property, { maxLength: 4 }),
});
const changes = fc.uniqueArray(change, { selector: ({ logicalId }) => logicalId, maxLength: 8 });

const setOf = (list: readonly ResourceChange[]): ChangeSet => ({
  status: 'CREATE_COMPLETE',
  reason: undefined,
  id: 'arn:aws:cloudformation:eu-west-1:000011112222:changeSet/td-1/1',
  execution: 'AVAILABLE',
  parameters: {},
  changes: list,
});
const planned = (list: readonly ResourceChange[]) => plannedChanges(setOf(list), TEMPLATE);

describe('what a change set does', () => {
  it('is one text, in whatever order CloudFormation tells it, and however often it tells a property', () => {
    fc.assert(
      fc.property(changes, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (list, order) => {
        const other = list
          .map((each, i) => ({ each, key: order[i] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => ({
            ...each,
            properties: [...each.properties, ...each.properties].toReversed(),
          }));
        expect(canonicalJson(planned(other))).toBe(canonicalJson(planned(list)));
      }),
    );
  });

  it('is another text as soon as a value, an action or a resource is another one', () => {
    fc.assert(
      fc.property(changes, change, (list, extra) => {
        fc.pre(list.every(({ logicalId }) => logicalId !== extra.logicalId));
        expect(canonicalJson(planned([...list, extra]))).not.toBe(canonicalJson(planned(list)));
      }),
    );
  });

  it('is never safer than CloudFormation says: what may be replaced counts as replaced', () => {
    fc.assert(
      fc.property(change, (one) => {
        const [{ action } = { action: undefined }] = planned([one]);
        if (one.action === 'Modify' && one.replacement !== 'False') expect(action).toBe('replace');
        if (one.action === 'Remove' && one.policyAction !== 'Retain') expect(action).toBe('remove');
        if (one.action === 'Dynamic') expect(action).toBe('replace');
      }),
    );
  });
});

describe('a change set of a stack that stays', () => {
  it('is refused whenever something that holds data or an address would be replaced or would leave', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const all = planned(list);
        const lost = all.filter(
          ({ type, action }) => isKeptType(type) && ['replace', 'remove', 'keep'].includes(action),
        );
        const said = refusedChanges('td-acme-prod-network', all).join('\n');
        for (const { logicalId } of lost) expect(said).toContain(`${logicalId} of td-acme-prod-network`);
      }),
    );
  });

  it('is never refused for what is only made', () => {
    const add = (type: string): PlannedChange => ({
      logicalId: 'X',
      type,
      id: null,
      action: 'add',
      properties: [],
    });
    expect(refusedChanges('s', [...KEPT_TYPES, 'AWS::ECS::TaskDefinition'].map(add))).toEqual([]);
  });

  it('is refused where it would change the vault or a key, which its role may not', () => {
    const modify = (type: string): PlannedChange => ({
      logicalId: 'Vault',
      type,
      id: 'id',
      action: 'modify',
      properties: [{ path: '/ObjectLockConfiguration', before: '2555', after: '30' }],
    });
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key'])
      expect(refusedChanges('td-acme-prod-foundation', [modify(type)])).toEqual([
        `Vault of td-acme-prod-foundation (${type}) would change, by /ObjectLockConfiguration, which no workflow may: have the account's administrator apply td-acme-prod-foundation as \`contract render\` writes it`,
      ]);
    expect(refusedChanges('td-acme-prod-foundation', [modify('AWS::IAM::Role')])).toEqual([]);
  });
});

test('a priority that a later stack gives up is not taken by one before it', () => {
  const moved = (name: string, before: string | null, after: string) => ({
    name,
    changes: [
      {
        ...{ logicalId: 'ListenerRule', type: 'AWS::ElasticLoadBalancingV2::ListenerRule', id: null },
        ...{ action: 'modify' as const, properties: [{ path: '/Priority', before, after }] },
      },
    ],
  });
  const [fresh, freed] = [moved('td-new', null, '1'), moved('td-old', '1', '4')];
  expect(takenPriorities([fresh, freed])).toEqual([
    'td-new would take the priority 1 while td-old still has it: give td-old its new priority in a change before this one',
  ]);
  expect(takenPriorities([freed, fresh])).toEqual([]);
  expect(takenPriorities([moved('td-a', null, '1'), moved('td-b', null, '2')])).toEqual([]);
});

test('what stays after a withdrawal is counted, and what of it is still paid for is named', () => {
  const added = (logicalId: string, type: string): PlannedChange => ({
    ...{ logicalId, type },
    ...{ id: null, action: 'add', properties: [] },
  });
  const stack = (...changes: PlannedChange[]) =>
    [{ name: 'td-acme-prod-network', changes }] as unknown as Parameters<typeof irreversible>[1];
  const vpc = added('Vpc', 'AWS::EC2::VPC');
  expect(irreversible('provision', stack(vpc))).toEqual([
    'td-acme-prod-network: 1 resource stays when the part is withdrawn.',
  ]);
  const [a, b] = [added('NatA', 'AWS::EC2::EIP'), added('NatB', 'AWS::EC2::EIP')];
  expect(irreversible('provision', stack(vpc, a))).toEqual([
    'td-acme-prod-network: 2 resources stay when the part is withdrawn, and NatA goes on costing money.',
  ]);
  expect(irreversible('provision', stack(vpc, a, b))).toEqual([
    'td-acme-prod-network: 3 resources stay when the part is withdrawn, and NatA, NatB go on costing money.',
  ]);
});
