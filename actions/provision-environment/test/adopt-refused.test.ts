import { describe, expect, it } from '@jest/globals';
import { aPart } from './a-part.ts';
import { byHand, type Made, NETWORK, somebodys, TAG, without } from './an-environment-by-hand.ts';

const but = (text: string, change: object) => (made: Made) => {
  for (const [key, properties] of made.cloudformation.there)
    if (key.includes(text)) made.cloudformation.there.set(key, { ...properties, ...change });
};
const tagged = (value: string) => ({ Tags: [{ Key: TAG, Value: value }] });

describe('what cannot be adopted is refused before a change set is made, every mistake at once', () => {
  it.each<readonly [string, (made: Made) => void, string]>([
    [
      'is not there',
      without('subnet-2'),
      'subnet-2 (AWS::EC2::Subnet) is not there, in this account and region',
    ],
    [
      'lies in another VPC',
      but('sg-1', { VpcId: 'vpc-other' }),
      'sg-1 has VpcId vpc-other, and the contract says vpc-1',
    ],
    [
      'lies in a zone that the contract does not have',
      but('subnet-1', { AvailabilityZoneId: 'usw2-az9' }),
      'subnet-1 has AvailabilityZoneId usw2-az9, and the contract says',
    ],
    [
      'has another range',
      but('vpc-1', { CidrBlock: '10.9.0.0/16' }),
      'vpc.id: vpc-1 has CidrBlock 10.9.0.0/16, and the contract says 10.0.0.0/16',
    ],
    [
      'faces the internet',
      but('LoadBalancer', { Scheme: 'internet-facing' }),
      'has Scheme internet-facing, and the contract says internal',
    ],
    [
      'is another tenant’s',
      but('vpc-1', tagged('globex/prod')),
      `vpc.id: vpc-1 has the tag ${TAG}=globex/prod, so it is of another environment than acme/prod`,
    ],
    ['is nobody’s yet', but('vpc-1', { Tags: [] }), `vpc.id: vpc-1 has no tag ${TAG}=acme/prod`],
  ])('what %s', async (_, happens, sentence) => {
    const made = await somebodys();
    happens(made);
    const { outcome, change } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED', ok: false });
    expect(outcome.headline).toContain(sentence);
    expect(await made.stateOf(change)).toBe('denied');
    expect(made.cloudformation.calls.filter((call) => call.startsWith('createChangeSet'))).toEqual([]);
  });

  it('all of it in one list', async () => {
    const made = await somebodys();
    without('subnet-2')(made);
    but('sg-1', { VpcId: 'vpc-other', Tags: [] })(made);
    const { outcome } = await made.act('plan');
    expect(outcome.facts['refused']).toHaveLength(3);
  });

  it('what is in another stack, by the stack’s name', async () => {
    const made = await somebodys();
    await made.provision('network');
    const stack = made.cloudformation.find(NETWORK);
    if (!stack) throw new Error('it was imported');
    made.cloudformation.stacks.delete(NETWORK);
    made.cloudformation.stacks.set('landing-zone', { ...stack, name: 'landing-zone' });
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain('vpc.id: vpc-1 is in the stack landing-zone');
    expect(outcome.facts['refused']).toHaveLength(6);
  });

  it('what was made by a change here', async () => {
    const made = await aPart();
    await made.provision('network');
    Object.assign(made.contract, byHand(made.contract));
    await made.republish();
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain(
      `${NETWORK} was made by a change here, and the contract says \`adopt: true\``,
    );
  });

  it('and what was adopted is not made over', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { contract } = await aPart();
    Object.assign(made.contract, { environments: contract.environments });
    await made.republish();
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain(`${NETWORK} was adopted, and the contract asks for it to be made`);
  });
});
