import type { Role } from '@tenant-delivery/domain';
import type { StackPlanner } from '@tenant-delivery/provisioning/ports';
import { translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { cloudformationClient, orAbsent } from './cloudformation-client.ts';
import { stackReader } from './stack-reader.ts';

/** What plans: it looks, and makes change sets, which change nothing by themselves. */
export function stackPlanner(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
  region: string,
): StackPlanner {
  const cloudformation = cloudformationClient({ ...session.clientConfig(role), region });
  return {
    ...stackReader(cloudformation),
    createChangeSet: async ({
      stack,
      changeSet,
      type,
      template,
      parameters,
      role: by,
      description,
      imports,
    }) => {
      const sent = cloudformation.send(
        (sdk) =>
          new sdk.CreateChangeSetCommand({
            StackName: stack,
            ChangeSetName: changeSet,
            ClientToken: changeSet,
            ChangeSetType: type,
            TemplateBody: template,
            Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
              ParameterKey,
              ParameterValue,
            })),
            Capabilities: ['CAPABILITY_NAMED_IAM'],
            RoleARN: by,
            ...(imports && {
              ResourcesToImport: imports.map(({ logicalId, type: ResourceType, identifier }) => ({
                LogicalResourceId: logicalId,
                ResourceType,
                ResourceIdentifier: { ...identifier },
              })),
            }),
            Description: description,
          }),
      );
      const known = ['AlreadyExistsException', 'AlreadyExists'] as const;
      const answer = await translated('cloudformation:CreateChangeSet', sent, known);
      return typeof answer === 'string' ? 'exists' : 'created';
    },
    deleteChangeSet: async (stack, changeSet) => {
      const asked = { StackName: stack, ChangeSetName: changeSet };
      const sent = cloudformation.send((sdk) => new sdk.DeleteChangeSetCommand(asked));
      await translated('cloudformation:DeleteChangeSet', orAbsent(sent));
    },
  };
}
