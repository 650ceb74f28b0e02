import { describe, expect, it } from '@jest/globals';
import { services } from '../src/services/index.ts';
import { DIALECTS } from '../src/wire/dialects.ts';
import { modelOf } from '../src/wire/model.ts';
import { requiredMembers } from '../src/wire/shape.ts';

const PROTOCOLS: Readonly<Record<string, string>> = {
  'aws.protocols#awsJson1_0': 'json',
  'aws.protocols#awsJson1_1': 'json',
  'aws.protocols#awsQuery': 'query',
  'aws.protocols#ec2Query': 'ec2',
  'aws.protocols#restXml': 'rest-xml',
  'aws.protocols#restJson1': 'rest-json',
};

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: {
    readonly serviceTarget?: string;
    readonly version?: string;
    readonly xmlNamespace?: string;
  };
  readonly signingName?: string;
}

/** The settings of the client that an SDK package exports. */
async function configOf(sdk: string): Promise<ClientConfig> {
  const imported: Record<string, unknown> = await import(sdk);
  const [, Client] =
    Object.entries(imported).find(([name]) => /^[A-Z]\w+Client$/.test(name) && name !== '__Client') ?? [];
  const make = Client as new (options: object) => { readonly config: ClientConfig }; // every SDK package has one client
  return new make({ region: 'eu-west-1' }).config;
}

/** Those whose SDK client is installed: CloudTrail's shapes are our own. */
const withClient = services.filter(({ sdk }) => sdk.startsWith('@aws-sdk/'));

describe('every service', () => {
  it.each(withClient.map((service) => [service.name, service] as const))(
    '%s speaks as its SDK client does',
    async (name, { sdk }) => {
      const { protocol, protocolSettings } = await configOf(sdk);
      expect(DIALECTS[name]).toMatchObject({
        protocol: PROTOCOLS[protocol.getShapeId()],
        target: protocolSettings.serviceTarget,
        version: protocolSettings.version,
        namespace: protocolSettings.xmlNamespace ?? '',
      });
    },
  );

  it.each(services.map((service) => [service.name, service] as const))(
    '%s answers no operation that AWS does not have',
    async (_, { sdk, operations }) => {
      const model = await modelOf(sdk);
      expect(Object.keys(operations).filter((operation) => !model.operations.has(operation))).toEqual([]);
    },
  );
});

describe('the schemas of the SDK', () => {
  it('say which members are required, as the number that this relies on', async () => {
    const { operations } = await modelOf('@aws-sdk/client-ecs');
    const input = operations.get('DescribeServices')?.input;
    expect(input && requiredMembers(input)).toEqual(['services']);
  });
});
