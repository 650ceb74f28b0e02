import type { Event, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import {
  CreateAccessKeyCommand,
  GetUserCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { setTrailDelay } from '../src/services/cloudtrail.ts';
import { keyDelays, putRole, seedAccessKey, seedUser } from '../src/services/iam.ts';
import { seedSecret } from '../src/services/secretsmanager.ts';
import { issueKey } from '../src/world/keys.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { ACME, type Keys, REGION, refusal } from './acme.ts';
import { signed } from './signed-request.ts';

const clock = manualClock();
let aws: LocalAws;
let operator: Keys;
let rotator: IAMClient;
const GLOBAL = 'us-east-1';
const LOOK = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: ['iam:Get*', 'secretsmanager:Get*'], Resource: '*' },
} as const;
beforeAll(async () => {
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  operator = aws.addAccount(ACME);
  putRole(aws.world, ACME, {
    name: 'rotator',
    path: '/',
    partition: 'aws',
    description: '',
    maxSessionDuration: 3_600,
    tags: {},
    trust: { Version: '2012-10-17', Statement: [] },
    policies: {
      keys: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: ['iam:*AccessKey*', 'iam:GetUser'], Resource: '*' },
      },
    },
  });
  const session = issueKey(aws.world, {
    account: ACME,
    arn: `arn:aws:sts::${ACME}:assumed-role/rotator/td-acme-prod-7-1`,
  });
  rotator = new IAMClient({ endpoint: aws.url, region: REGION, credentials: session, maxAttempts: 1 });
  seedUser(aws.world, ACME, { name: 'ci' });
});
afterAll(() => aws.close());

type LookedUp = LookupEventsResponse & { readonly Events: readonly Event[] };

async function look(question: object = {}, region = GLOBAL): Promise<LookedUp> {
  const body = JSON.stringify(question);
  const send = await signed(aws.url, region, operator, {
    service: 'cloudtrail',
    target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
    body,
  });
  const response = await send(body);
  const answer = (await response.json()) as LookedUp & { readonly __type?: string }; // checked by local-aws
  if (response.status !== 200) throw Object.assign(new Error('refused'), { name: answer.__type });
  return answer;
}

const by = (AttributeKey: string, AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});
const wholeOf = (event: Event | undefined) => JSON.parse(event?.CloudTrailEvent ?? '{}');

describe('an event', () => {
  it('says who made a key and never what the key is, some minutes later, where IAM is', async () => {
    const { AccessKey } = await rotator.send(new CreateAccessKeyCommand({ UserName: 'ci' }));
    const question = by('ResourceName', AccessKey?.AccessKeyId ?? '');
    expect((await look(question)).Events).toEqual([]);
    await clock.advance(15 * 60_000);
    expect((await look(question, REGION)).Events).toEqual([]);
    const { Events } = await look(question);
    expect(Events).toMatchObject([
      { EventName: 'CreateAccessKey', Username: 'td-acme-prod-7-1', ReadOnly: 'false' },
    ]);
    const whole = wholeOf(Events[0]);
    expect(whole).toMatchObject({
      eventSource: 'iam.amazonaws.com',
      userIdentity: {
        type: 'AssumedRole',
        sessionContext: { sessionIssuer: { userName: 'rotator' } },
      },
      requestParameters: { userName: 'ci' },
      responseElements: { accessKey: { accessKeyId: AccessKey?.AccessKeyId, status: 'Active' } },
    });
    expect(Events[0]?.CloudTrailEvent).not.toContain(AccessKey?.SecretAccessKey);
  });

  it('comes out of order: a later one may be there first', async () => {
    seedUser(aws.world, ACME, { name: 'order' });
    await rotator.send(new CreateAccessKeyCommand({ UserName: 'order' }));
    await clock.advance(1_000);
    await rotator.send(new CreateAccessKeyCommand({ UserName: 'order' }));
    const seen: number[] = [];
    for (let minute = 0; minute < 15; minute += 1) {
      await clock.advance(60_000);
      seen.push((await look(by('ResourceName', 'order'))).Events.length);
    }
    expect([seen[0], seen.at(-1)]).toEqual([0, 2]);
    expect(seen).toContain(1);
  });

  it('of a user’s key names the key, the user and a refusal', async () => {
    setTrailDelay(aws.world, 0);
    const key = seedAccessKey(
      aws.world,
      ACME,
      seedUser(aws.world, ACME, { name: 'legacy', policies: { some: LOOK } }),
    );
    const config = { endpoint: aws.url, region: REGION, credentials: key, maxAttempts: 1 };
    await refusal(new IAMClient(config).send(new GetUserCommand({ UserName: 'nobody' })));
    const { arn } = seedSecret(aws.world, ACME, REGION, { name: 'token', value: 'canary' });
    await new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: arn }));
    const [denied] = (await look(by('AccessKeyId', key.accessKeyId))).Events;
    expect(denied).toMatchObject({ EventName: 'GetUser', Username: 'legacy' });
    expect(wholeOf(denied)).toMatchObject({ errorCode: 'NoSuchEntityException' });
    const [read] = (await look(by('AccessKeyId', key.accessKeyId), REGION)).Events;
    expect(wholeOf(read)).toMatchObject({
      eventName: 'GetSecretValue',
      requestParameters: { secretId: arn },
      responseElements: null,
    });
  });
});

describe('a lookup', () => {
  it('has pages that belong to one question', async () => {
    setTrailDelay(aws.world, 0);
    await clock.advance(keyDelays(aws.world).listed);
    const AccessKeyId = seedAccessKey(
      aws.world,
      ACME,
      seedUser(aws.world, ACME, { name: 'pages' }),
    ).accessKeyId;
    for (const Status of ['Inactive', 'Active', 'Inactive'] as const)
      await rotator.send(new UpdateAccessKeyCommand({ UserName: 'pages', AccessKeyId, Status }));
    const question = { ...by('ResourceName', AccessKeyId), MaxResults: 2 };
    const first = await look(question);
    await clock.advance(1_000);
    await rotator.send(new UpdateAccessKeyCommand({ UserName: 'pages', AccessKeyId, Status: 'Active' }));
    const second = await look({ ...question, NextToken: first.NextToken });
    expect([first.Events.length, second.Events.length, second.NextToken]).toEqual([2, 1, undefined]);
    const other = look({ ...by('EventName', 'GetUser'), NextToken: first.NextToken });
    expect(await refusal(other)).toMatchObject({ name: 'InvalidNextTokenException' });
  });

  it.each([
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [
      {
        LookupAttributes: [...by('EventName', 'a').LookupAttributes, ...by('EventId', 'b').LookupAttributes],
      },
      'InvalidLookupAttributesException',
    ],
    [{ StartTime: 2, EndTime: 1 }, 'InvalidTimeRangeException'],
    [{ Attributes: [] }, 'NotImplemented'],
  ])('of %j is refused', async (question, name) => {
    expect(await refusal(look(question))).toMatchObject({ name });
  });
});
