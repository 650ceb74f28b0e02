import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { StackReader } from '@tenant-delivery/provisioning/ports';
import { everyRow } from '../errors/every-row.ts';
import { failureOf, required, translated } from '../errors/translate.ts';
import { changeSetOf, listedOf } from './change-set-of.ts';
import { type CloudFormation, orAbsent } from './cloudformation-client.ts';
import { detectDrift, driftOf } from './drift.ts';
import { eventsOf } from './events.ts';
import { stackOf } from './stack-of.ts';

/** What CloudFormation says of stacks, with the rights of one role. */
export function stackReader(cloudformation: CloudFormation): StackReader {
  return {
    describe: async (stack) => {
      const sent = cloudformation.send((sdk) => new sdk.DescribeStacksCommand({ StackName: stack }));
      const answer = await translated('cloudformation:DescribeStacks', orAbsent(sent));
      return answer && stackOf(required(answer.Stacks?.[0], `the stack ${stack}`));
    },
    names: async (prefix) => {
      const pages = cloudformation.pages((sdk, client) => sdk.paginateListStacks({ client }, {}));
      const all = await everyRow('cloudformation:ListStacks', pages, 'StackSummaries');
      return all
        .filter(({ StackStatus: status }) => status !== 'DELETE_COMPLETE' && status !== 'REVIEW_IN_PROGRESS')
        .flatMap(({ StackName: name }) => (name?.startsWith(prefix) ? [name] : []))
        .toSorted();
    },
    changeSets: async (stack) => {
      const asked = { StackName: stack };
      const pages = cloudformation.pages((sdk, client) => sdk.paginateListChangeSets({ client }, asked));
      const all = await orAbsent(collected(pages)).catch((cause: unknown) => {
        throw failureOf('cloudformation:ListChangeSets', cause);
      });
      return (all ?? []).flatMap((page) => required(page.Summaries, 'Summaries').map(listedOf));
    },
    changeSet: async (stack, changeSet) => {
      const asked = { StackName: stack, ChangeSetName: changeSet, IncludePropertyValues: true };
      const pages = cloudformation.pages((sdk, client) => sdk.paginateDescribeChangeSet({ client }, asked));
      const all = await translated('cloudformation:DescribeChangeSet', orAbsent(collected(pages)));
      return all && changeSetOf(all);
    },
    template: async (stack, changeSet) => {
      const sent = cloudformation.send(
        (sdk) =>
          new sdk.GetTemplateCommand({
            StackName: stack,
            TemplateStage: 'Original',
            ...(changeSet && { ChangeSetName: changeSet }),
          }),
      );
      const answer = await translated('cloudformation:GetTemplate', orAbsent(sent));
      return answer && required(answer.TemplateBody, 'TemplateBody');
    },
    policy: async (stack) => {
      const sent = cloudformation.send((sdk) => new sdk.GetStackPolicyCommand({ StackName: stack }));
      const answer = await translated('cloudformation:GetStackPolicy', orAbsent(sent));
      return answer?.StackPolicyBody || undefined; // a stack without a policy has none
    },
    resources: async (stack) => {
      const asked = { StackName: stack };
      const pages = cloudformation.pages((sdk, client) => sdk.paginateListStackResources({ client }, asked));
      const rows = await everyRow('cloudformation:ListStackResources', pages, 'StackResourceSummaries');
      return rows.map(resourceOf);
    },
    events: (stack, token) => eventsOf(cloudformation, stack, token),
    detectDrift: (stack) => detectDrift(cloudformation, stack),
    drift: (stack, detection) => driftOf(cloudformation, stack, detection),
  };
}

function resourceOf(row: StackResourceSummary) {
  return {
    logicalId: required(row.LogicalResourceId, 'LogicalResourceId'),
    id: row.PhysicalResourceId || undefined,
    type: required(row.ResourceType, 'ResourceType'),
    status: required(row.ResourceStatus, 'ResourceStatus'),
  };
}

async function collected<Page>(pages: AsyncIterable<Page>): Promise<readonly Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
