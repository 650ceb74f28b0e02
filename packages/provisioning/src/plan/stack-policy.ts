import { canonicalJson, type ProvisioningKind } from '@tenant-delivery/domain';
import type { Template } from '../stacks/template.ts';
import { KEPT_TYPES } from './kept-types.ts';
import { placeholdersIn } from './placeholder.ts';

const EVERYTHING = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };

/**
 * What an update of a stack may do to its resources, for every caller ("Prevent updates to stack resources", CloudFormation
 * User Guide). A withdrawal lifts it: then resources leave the stack, and those that are kept stay in the account.
 */
export function stackPolicy(kind: ProvisioningKind, template: Template): string {
  if (kind === 'withdrawal') return canonicalJson({ Statement: [EVERYTHING] });
  const placeholders = placeholdersIn(template).map((id) => `LogicalResourceId/${id}`);
  return canonicalJson({
    Statement: [
      EVERYTHING,
      {
        Effect: 'Deny',
        Action: ['Update:Replace', 'Update:Delete'],
        Principal: '*',
        Resource: '*',
        Condition: { StringEquals: { ResourceType: [...KEPT_TYPES] } },
      },
      ...(placeholders.length > 0
        ? [{ Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: placeholders }]
        : []),
    ],
  });
}
