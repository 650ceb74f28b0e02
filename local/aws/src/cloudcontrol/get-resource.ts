import type { GetResourceCommandInput, GetResourceCommandOutput } from '@aws-sdk/client-cloudcontrol';
import { isGone } from '../cloudformation/engine/handler-error.ts';
import { makingOf } from '../cloudformation/making.ts';
import type { Making } from '../cloudformation/resource-type.ts';
import { specOf } from '../cloudformation/spec.ts';
import { resourceTypes } from '../cloudformation/types/index.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { READS } from './reads.ts';

/** The live properties of one resource, whoever made it. The handler of its type asks the service with the caller's rights. */
export async function getResource(
  { TypeName = '', Identifier = '', RoleArn }: GetResourceCommandInput,
  call: Call,
): Promise<Output<GetResourceCommandOutput>> {
  if (RoleArn !== undefined)
    throw new AwsError('NotImplemented', 'local-aws reads resources with the rights of the caller.', 501);
  const { primaryIdentifier = [], cfnRefIdentifier = primaryIdentifier } = specOf(TypeName) ?? {};
  if (primaryIdentifier.length === 0)
    throw new AwsError('TypeNotFoundException', `The type '${TypeName}' cannot be found.`);
  const [type, reads] = [resourceTypes.get(TypeName), READS[TypeName]];
  if (!type || !reads)
    throw new AwsError('NotImplemented', `local-aws reads no resources of the type ${TypeName}.`, 501);
  const values = Identifier.split('|');
  if (values.length !== primaryIdentifier.length)
    throw new AwsError(
      'ValidationException',
      `Identifier ${Identifier} is not valid for identifier [${primaryIdentifier.map((name) => `/properties/${name}`).join(', ')}]`,
    );
  const given = Object.fromEntries(primaryIdentifier.map((name, i) => [name, values[i] ?? '']));
  const id = cfnRefIdentifier.map((name) => given[name]).join('|');
  const made = makingFor(call, id);
  try {
    await reads(made, given);
  } catch (thrown) {
    if (isGone(thrown)) throw notFound(TypeName, Identifier);
    throw thrown;
  }
  const live = type.read(call.world, id, made);
  if (!live) throw notFound(TypeName, Identifier);
  return {
    TypeName,
    ResourceDescription: { Identifier, Properties: JSON.stringify({ ...given, ...live }) },
  };
}

function makingFor({ world, account, region, principal }: Call, logicalId: string): Making {
  if (!principal) throw new Error('a request of this service is signed');
  const stack = { name: 'none', id: `arn:aws:cloudformation:${region}:${account}:stack/none/none` };
  return makingOf(
    { world, account, region, principal },
    { stack, logicalId, properties: {}, token: 'reads' },
  );
}

const notFound = (type: string, identifier: string) =>
  new AwsError(
    'ResourceNotFoundException',
    `Resource of type '${type}' with identifier '${identifier}' was not found.`,
  );
