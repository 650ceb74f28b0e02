import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { group, groupsIn, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
});
afterAll(() => stage.aws.close());

const make = async (name: string, Resources: object) => {
  await stage.plan(name, { Resources }, { ChangeSetType: 'CREATE' });
  return stage.execute(name);
};

describe('a template', () => {
  const A = group('/t/a');
  const create = (template: object) =>
    stage.client.send(
      new CreateStackCommand({ StackName: 'refused', TemplateBody: JSON.stringify(template) }),
    );

  it.each<readonly [string, object, string]>([
    ['no resources', { Resources: {} }, 'At least one Resources member must be defined'],
    [
      'a section that is not here',
      { Conditions: {}, Resources: { A } },
      'local-aws does not implement the section Conditions',
    ],
    [
      'an intrinsic that is not here',
      { Resources: { A: group({ 'Fn::If': [] } as never) } },
      'local-aws does not implement Fn::If',
    ],
    [
      'a type that AWS lacks',
      { Resources: { A: { Type: 'AWS::EC2::Vpcs' } } },
      'Unrecognized resource types: [AWS::EC2::Vpcs]',
    ],
    [
      'a type that is not here',
      { Resources: { A: { Type: 'AWS::Lambda::Function' } } },
      'local-aws does not implement resources of the type AWS::Lambda::Function',
    ],
    [
      'a reference to nothing',
      { Resources: { A: group({ Ref: 'B' } as never) } },
      'Unresolved resource dependencies [B]',
    ],
    [
      'an attribute that there is not',
      { Resources: { A, B: group({ 'Fn::GetAtt': ['A', 'Id'] } as never) } },
      'does not support attribute type Id',
    ],
    [
      'a circle',
      { Resources: { A: { ...A, DependsOn: 'B' }, B: group({ Ref: 'A' } as never) } },
      'Circular dependency between resources',
    ],
    [
      'a role, without the capability',
      { Resources: { A: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'x' } } } },
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    ],
    [
      'a parameter without a value',
      { Parameters: { P: { Type: 'String' } }, Resources: { A } },
      'Parameters: [P] must have values',
    ],
    [
      'a parameter of the store',
      { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }, Resources: { A } },
      'local-aws does not implement parameters of the type AWS::SSM',
    ],
    [
      'another format version',
      { AWSTemplateFormatVersion: '2010-09-08', Resources: { A } },
      'is not a supported version',
    ],
    ['a long description', { Description: 'x'.repeat(1_025), Resources: { A } }, 'greater than 1024'],
    ['a description that is no text', { Description: ['x'], Resources: { A } }, 'must be a string'],
    [
      'one name of two things',
      { Parameters: { A: { Type: 'String', Default: 'x' } }, Resources: { A } },
      'Duplicate logical name A',
    ],
    ['Join without its two parts', { Resources: { A: group({ 'Fn::Join': '-' } as never) } }, 'Fn::Join'],
    ['Select without a list', { Resources: { A: group({ 'Fn::Select': ['0'] } as never) } }, 'Fn::Select'],
    ...(
      [
        [{ Type: 'Text' }, 'Unrecognized parameter type: Text'],
        [{ Hidden: true }, "Invalid template parameter property 'Hidden'"],
        [{ Default: ['x'] }, '[/Parameters/P/Default] is not valid'],
        [{ NoEcho: 'perhaps' }, '[/Parameters/P/NoEcho] is not valid'],
        [{ MinLength: 'few' }, '[/Parameters/P/MinLength] is not valid'],
        [{ AllowedPattern: '[' }, '[/Parameters/P/AllowedPattern] is not valid'],
        [{ AllowedValues: 'x' }, '[/Parameters/P/AllowedValues] is not valid'],
        [{ Default: 'x'.repeat(4_097) }, 'longer than 4096 bytes'],
      ] as const
    ).map(
      ([more, says]) =>
        [
          `a parameter of ${JSON.stringify(more).slice(0, 40)}`,
          { Parameters: { P: { Type: 'String', Default: 'x', ...more } }, Resources: { A } },
          says,
        ] as const,
    ),
    ...(
      [
        [{ Value: 'x', Name: 'y' }, "Invalid template output property 'Name'"],
        [{ Value: ['x'] }, 'must evaluate to a String'],
        [{ Value: { a: 'x' } }, 'must evaluate to a String'],
      ] as const
    ).map(
      ([O, says]) =>
        [`an output of ${JSON.stringify(O)}`, { Resources: { A }, Outputs: { O } }, says] as const,
    ),
    [
      'more than 51,200 bytes',
      { Description: 'x'.repeat(52_000), Resources: { A } },
      'Member must have length less than or equal to 51200',
    ],
  ])('with %s is refused before anything is made', async (_, template, says) => {
    await expect(create(template)).rejects.toThrow(says);
  });

  it.each<readonly [string, object, string]>([
    ['unknown', { Cidr: 'x' }, '#: extraneous key [Cidr] is not permitted'],
    [
      'of another type',
      { RetentionInDays: { days: 30 } },
      '#/RetentionInDays: expected type: Integer, found: JSONObject',
    ],
  ])('with a property that is %s fails at its resource', async (kind, Properties, says) => {
    const name = `judged-${kind.split(' ')[0]}`;
    expect((await make(name, { A: { Type: 'AWS::Logs::LogGroup', Properties } })).StackStatus).toBe(
      'ROLLBACK_COMPLETE',
    );
    expect((await stage.events(name)).join('\n')).toContain(says);
  });
});

it('may be YAML, with the short forms of intrinsics', async () => {
  const TemplateBody = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Days: { Type: Number, Default: 30 }
Resources:
  A:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Sub '/\${AWS::StackName}/a', RetentionInDays: !Ref Days }
  B:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Join [ '/', [ !Select [ 0, !Split [ '-', x-y ] ], !Ref A ] ] }
Outputs:
  Arn: { Value: !GetAtt A.Arn }
  Date: { Value: 2026-12-02 }
`;
  await stage.client.send(new CreateStackCommand({ StackName: 'yaml', TemplateBody }));
  const { StackStatus, Outputs } = await stage.settled('yaml');
  expect(StackStatus).toBe('CREATE_COMPLETE');
  expect(Outputs?.[0]?.OutputValue).toMatch(/:log-group:\/yaml\/a:\*$/);
  expect(Outputs?.[1]?.OutputValue).toBe('2026-12-02');
  expect(groupsIn(stage)).toMatchObject({ '/yaml/a': 30, 'x//yaml/a': undefined });
  const odd = TemplateBody.replace('!Ref Days', '!FindInMap [a, b, c]');
  await expect(
    stage.client.send(new CreateStackCommand({ StackName: 'odd', TemplateBody: odd })),
  ).rejects.toThrow('local-aws does not implement Fn::FindInMap');
});
