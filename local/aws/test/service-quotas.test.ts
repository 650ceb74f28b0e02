import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { raiseQuota } from '../src/world/quotas.ts';
import { ACME, REGION, refusal, type Stage, stage } from './acme.ts';

let on: Stage;
let quotas: ServiceQuotasClient;
beforeAll(async () => {
  on = await stage();
  quotas = new ServiceQuotasClient(on.as(on.acme));
});
afterAll(() => on.close());

const here = () => ({ world: on.aws.world, account: ACME, region: REGION });
const value = async (ServiceCode: string, QuotaCode: string) =>
  (await quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota?.Value;
const usual = async (ServiceCode: string, QuotaCode: string) =>
  (await quotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota?.Value;
const NO_SUCH = { name: 'NoSuchResourceException' };

it('tells what AWS gives every account, and what this one was given', async () => {
  expect(await value('ec2', 'L-0263D0A3')).toBe(5);
  raiseQuota(here(), 'addresses', 20);
  raiseQuota(here(), 'targetGroups', 4_000);
  expect([await value('ec2', 'L-0263D0A3'), await usual('ec2', 'L-0263D0A3')]).toEqual([20, 5]);
  expect(await value('elasticloadbalancing', 'L-B22855CB')).toBe(4_000);
});

it('has quotas of which only the default is known, in no list and by no question', async () => {
  expect(await refusal(value('ecs', 'L-9EF96962'))).toMatchObject(NO_SUCH);
  expect(await usual('ecs', 'L-9EF96962')).toBe(5_000);
  const { Quotas } = await quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'ecs' }));
  expect(Quotas).toEqual([]);
});

it('lists a service in pages, and knows no other service or quota', async () => {
  const asked = { ServiceCode: 'vpc', MaxResults: 4 };
  const { Quotas: first = [], NextToken } = await quotas.send(new ListServiceQuotasCommand(asked));
  const rest = await quotas.send(new ListServiceQuotasCommand({ ...asked, NextToken }));
  const codes = [...first, ...(rest.Quotas ?? [])].map(({ QuotaCode }) => QuotaCode);
  expect([first.length, new Set(codes).size, rest.NextToken]).toEqual([4, 6, undefined]);
  expect(await refusal(value('vpc', 'L-00000000'))).toMatchObject(NO_SUCH);
  expect(await refusal(value('nothing', 'L-00000000'))).toMatchObject(NO_SUCH);
});
