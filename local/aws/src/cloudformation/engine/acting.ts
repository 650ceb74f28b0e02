import { iamOf } from '../../iam/state.ts';
import { conditionsHold } from '../../policy/condition.ts';
import { lookupIn } from '../../policy/context.ts';
import { many, statementsOf } from '../../policy/document.ts';
import type { Call, Principal } from '../../world/service.ts';
import { invalid } from '../template/refusals.ts';

/** Who acts for a stack: a session of the role that CloudFormation may assume, else who calls. */
export function actingFor(call: Call, roleArn: string | undefined, stackId: string): Principal {
  if (roleArn !== undefined) return sessionOf(call, roleArn, stackId);
  if (call.principal) return call.principal;
  throw invalid('There is nobody who acts.');
}

function sessionOf({ world, account }: Call, roleArn: string, stackId: string): Principal {
  const [, partition = '', owner = '', name = ''] =
    /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const role = owner === account ? iamOf(world, account).roles[name] : undefined;
  const context = lookupIn({ 'aws:SourceAccount': account, 'aws:SourceArn': stackId });
  const trusts =
    role &&
    statementsOf(role.trust).some(
      ({ Effect, Action, Principal: who, Condition }) =>
        Effect === 'Allow' &&
        many(Action).includes('sts:AssumeRole') &&
        typeof who === 'object' &&
        many(who['Service']).includes('cloudformation.amazonaws.com') &&
        conditionsHold(Condition, context),
    );
  if (role?.arn !== roleArn || !trusts) throw invalid(`Role ${roleArn} is invalid or cannot be assumed`);
  return { account, arn: `arn:${partition}:sts::${account}:assumed-role/${name}/AWSCloudFormation`, roleArn };
}
