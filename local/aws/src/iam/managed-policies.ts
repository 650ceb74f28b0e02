import type {
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  GetPolicyVersionCommandInput,
  GetPolicyVersionCommandOutput,
  ListAttachedRolePoliciesCommandInput,
  ListAttachedRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { page } from './page.ts';
import { findRole } from './role-operations.ts';
import { managedPoliciesOf } from './state.ts';

/** Every managed policy has one version here. */
const VERSION = 'v1';

export const managedPolicyOperations: Readonly<Record<string, Handler>> = {
  ListAttachedRolePolicies: (
    { RoleName = '', ...asked }: ListAttachedRolePoliciesCommandInput,
    call,
  ): Output<ListAttachedRolePoliciesCommandOutput> => {
    const { items, rest } = page(findRole(call, RoleName).attached ?? [], asked);
    return {
      AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) })),
      ...rest,
    };
  },
  GetPolicy: ({ PolicyArn = '' }: GetPolicyCommandInput, call): Output<GetPolicyCommandOutput> => {
    documentOf(call, PolicyArn);
    const [, path = '/'] = PolicyArn.split(':policy');
    return {
      Policy: {
        Arn: PolicyArn,
        PolicyName: path.split('/').at(-1),
        Path: path.slice(0, path.lastIndexOf('/') + 1),
        DefaultVersionId: VERSION,
        IsAttachable: true,
      },
    };
  },
  GetPolicyVersion: (
    { PolicyArn = '', VersionId = '' }: GetPolicyVersionCommandInput,
    call,
  ): Output<GetPolicyVersionCommandOutput> => {
    const document = documentOf(call, PolicyArn);
    if (VersionId !== VERSION)
      throw new AwsError(
        'NoSuchEntityException',
        `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`,
        404,
      );
    return {
      PolicyVersion: {
        Document: encodeURIComponent(JSON.stringify(document)),
        VersionId,
        IsDefaultVersion: true,
      },
    };
  },
};

function documentOf({ world, account }: Call, arn: string) {
  const found = managedPoliciesOf(world, account)[arn];
  if (found) return found;
  throw new AwsError('NoSuchEntityException', `Policy ${arn} was not found.`, 404);
}
