import { describe, expect, it } from '@jest/globals';
import type { PolicyDocument, Statement } from '../src/policy/document.ts';
import { evaluate } from '../src/policy/evaluate.ts';

const SERVICE = 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders';
const policy = (...Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const asked = (
  action: string,
  resource = SERVICE,
  context: Record<string, string | readonly string[]> = {},
) => ({
  caller: undefined,
  action,
  resource,
  context,
});

describe('a policy', () => {
  it('allows what it names, on what it names, and is silent about the rest', () => {
    const update = policy({ Effect: 'Allow', Action: 'ecs:UpdateService', Resource: SERVICE });
    expect(evaluate(update, asked('ecs:UpdateService'))).toBe('allowed');
    expect(evaluate(update, asked('ecs:updateservice'))).toBe('allowed');
    expect(evaluate(update, asked('ecs:UpdateService', `${SERVICE}2`))).toBe('silent');
    expect(evaluate(update, asked('ecs:DeleteService'))).toBe('silent');
  });

  it('denies before it allows', () => {
    const all = policy(
      { Effect: 'Allow', Action: 'ecs:*', Resource: '*' },
      { Effect: 'Deny', Action: 'ecs:DeleteService', Resource: '*' },
    );
    expect(evaluate(all, asked('ecs:UpdateService'))).toBe('allowed');
    expect(evaluate(all, asked('ecs:DeleteService'))).toBe('denied');
  });

  it.each<[string, string, Record<string, string | readonly string[]>, boolean]>([
    ['StringEquals', 'a', { key: 'a' }, true],
    ['StringEquals', 'a', { key: 'A' }, false],
    ['StringEquals', 'a', {}, false],
    ['StringEqualsIfExists', 'a', {}, true],
    ['StringNotEquals', 'a', {}, true],
    ['StringNotEquals', 'a', { key: 'a' }, false],
    ['StringLike', 'a*c', { key: 'abc' }, true],
    ['StringLike', 'a.c', { key: 'abc' }, false],
    ['StringLike', 'a?c', { KEY: 'abc' }, true],
    ['ForAnyValue:StringEquals', 'a', { key: ['b', 'a'] }, true],
    ['ForAnyValue:StringEquals', 'a', {}, false],
    ['ForAnyValue:StringNotEquals', 'a', { key: ['a'] }, false],
    ['ForAnyValue:StringNotEquals', 'a', {}, false],
    ['ForAllValues:StringEquals', 'a', { key: ['a', 'b'] }, false],
    ['ForAllValues:StringEquals', 'a', {}, true],
    ['Bool', 'true', { key: 'true' }, true],
    ['Null', 'true', {}, true],
    ['Null', 'false', {}, false],
    ['Null', 'true', { key: 'a' }, false],
    ['ArnNotLike', 'arn:aws:iam::1:role/*', { key: 'arn:aws:iam::1:role/a' }, false],
    ['NumericLessThan', '10', { key: '9' }, true],
    ['NumericNotEquals', '10', { key: '9' }, true],
    ['NumericNotEquals', '9', { key: '9' }, false],
    ['DateNotEquals', '2026-12-01T00:00:00Z', { key: '2026-12-01T00:00:00Z' }, false],
    ['DateLessThan', '1796083200', { key: '2026-11-30T23:59:59Z' }, true],
    ['DateLessThan', '1796083200', { key: '2026-12-01T00:00:00Z' }, false],
    ['IpAddress', '10.0.0.0/8', { key: '10.1.2.3' }, true],
    ['IpAddress', '10.0.0.0/8', { key: '11.1.2.3' }, false],
    ['IpAddress', '10.1.2.3', { key: '10.1.2.3' }, true],
    ['IpAddress', '2001:db8::/32', { key: '2001:db8::1' }, true],
    ['NotIpAddress', '10.0.0.0/8', { key: '10.1.2.3' }, false],
    ['BinaryEquals', 'QUJD', { key: 'QUJD' }, true],
  ])('reads %s %j of %j as %s', (operator, value, context, holds) => {
    const conditional = policy({
      Effect: 'Allow',
      Action: 'a:B',
      Resource: '*',
      Condition: { [operator]: { key: value } },
    });
    expect(evaluate(conditional, asked('a:B', '*', context)) === 'allowed').toBe(holds);
  });

  it('with an operator that is not known stops, rather than guess', () => {
    const odd = policy({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringMatches: { key: '10.0.0.0/8' } },
    });
    expect(() => evaluate(odd, asked('a:B', '*', { key: '10.0.0.1' }))).toThrow(/StringMatches is not known/);
  });

  it('of 2008 has no variables', () => {
    const variable = '${aws:username}';
    const own = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::b/${variable}`,
    } as const;
    const object = (name: string) =>
      asked('s3:GetObject', `arn:aws:s3:::b/${name}`, { 'aws:username': 'ann' });
    expect(evaluate(policy(own), object('ann'))).toBe('allowed');
    const old: PolicyDocument = { Statement: own };
    expect(evaluate(old, object('ann'))).toBe('silent');
    expect(evaluate(old, object(variable))).toBe('allowed');
  });

  it('with NotPrincipal stops, rather than guess', () => {
    const caller = { kind: 'aws', account: '1', arn: 'arn:aws:iam::1:user/u' } as const;
    const others = policy({ Effect: 'Deny', NotPrincipal: { AWS: '*' }, Action: '*', Resource: '*' });
    expect(() => evaluate(others, { ...asked('a:B', '*'), caller })).toThrow(/NotPrincipal/);
  });

  it.each<[string, Statement['Principal'], boolean]>([
    ['everybody', '*', true],
    ['the session', { AWS: 'arn:aws:sts::1:assumed-role/r/s' }, true],
    ['its role', { AWS: ['arn:aws:iam::1:role/r'] }, true],
    ['its account', { AWS: 'arn:aws:iam::1:root' }, true],
    ['another role', { AWS: 'arn:aws:iam::1:role/other' }, false],
    ['another account', { AWS: 'arn:aws:iam::2:root' }, false],
    ['a service', { Service: 'ecs-tasks.amazonaws.com' }, false],
    ['nobody', undefined, false],
  ])('on a resource that names %s speaks of a session accordingly', (_, Principal, named) => {
    const caller = {
      kind: 'aws',
      account: '1',
      arn: 'arn:aws:sts::1:assumed-role/r/s',
      roleArn: 'arn:aws:iam::1:role/r',
    } as const;
    const document = policy({
      Effect: 'Allow',
      Action: 'kms:Sign',
      Resource: '*',
      ...(Principal ? { Principal } : {}),
    });
    expect(evaluate(document, { ...asked('kms:Sign', '*'), caller }) === 'allowed').toBe(named);
  });
});
