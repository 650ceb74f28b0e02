import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { NormalizedSchema } from '@smithy/core/schema';
import { KEPT } from '../src/members/kept.ts';
import { services } from '../src/services/index.ts';
import { modelOf } from '../src/wire/model.ts';
import { memberNames, members } from '../src/wire/shape.ts';
import { refusal, type Stage, stage } from './acme.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

describe('a member that no handler looks at', () => {
  it('is refused by name, and nothing is done', async () => {
    const ec2 = new EC2Client(on.as(on.acme));
    const before = await ec2.send(new DescribeVpcsCommand({}));
    const asked = { CidrBlock: '10.9.0.0/16', Ipv4IpamPoolId: 'ipam-pool-1', DryRun: true };
    expect(await refusal(ec2.send(new CreateVpcCommand(asked)))).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'local-aws does not implement Ipv4IpamPoolId, DryRun of ec2:CreateVpc.',
    });
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual(before.Vpcs);
  });

  it('is no matter where it asks for nothing', async () => {
    const ec2 = new EC2Client(on.as(on.acme));
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', DryRun: false, AmazonProvidedIpv6CidrBlock: false }),
    );
    expect(Vpc?.CidrBlock).toBe('10.9.0.0/16');
  });
});

describe('what may be there without effect', () => {
  test.each(KEPT.map((kept) => [`${kept.service}: ${kept.reason}`, kept] as const))(
    '%s',
    async (_, { service, members: kept }) => {
      const structures = await structuresOf(service);
      for (const one of kept) {
        const [structure = '', member = ''] = one.split('.');
        expect([one, structures.get(structure)]).toEqual([one, expect.arrayContaining([member])]);
      }
    },
  );
});

/** The members of each structure in a request of a service. */
async function structuresOf(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const service = services.find((one) => one.name === name);
  const found = new Map<string, readonly string[]>();
  const visit = (schema: NormalizedSchema): void => {
    if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema());
    const structure = schema.getName() ?? '';
    if (!schema.isStructSchema() || found.has(structure)) return;
    found.set(structure, memberNames(schema));
    for (const [, member] of members(schema)) visit(member);
  };
  const model = await modelOf(service?.sdk ?? '');
  for (const operation of Object.keys(service?.operations ?? {})) {
    const input = model.operations.get(operation)?.input;
    if (input) visit(input);
  }
  return found;
}
