import type {
  GetTemplateCommandInput,
  GetTemplateCommandOutput,
  GetTemplateSummaryCommandInput,
  GetTemplateSummaryCommandOutput,
  ValidateTemplateCommandInput,
  ValidateTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { findChangeSet, findStack } from '../find-stack.ts';
import { capabilityOf, templateText } from '../input.ts';
import { parseTemplate } from '../template/parse.ts';
import { invalid, notHere } from '../template/refusals.ts';
import type { Template } from '../template/template.ts';

/** A template as it was given. Nothing is processed here, so both stages are the same. */
export function getTemplate(given: GetTemplateCommandInput, call: Call): Output<GetTemplateCommandOutput> {
  const text =
    given.ChangeSetName === undefined
      ? findStack(call, given.StackName ?? '').applied?.template
      : findChangeSet(call, given).changeSet.input.template;
  if (text === undefined) throw invalid(`Stack ${given.StackName} has no template yet.`);
  return { TemplateBody: text, StagesAvailable: ['Original', 'Processed'] };
}

export function validateTemplate(given: ValidateTemplateCommandInput): Output<ValidateTemplateCommandOutput> {
  const template = parseTemplate(templateText(given));
  return {
    Parameters: Object.entries(template.parameters).map(
      ([ParameterKey, { Default, NoEcho, Description }]) => ({
        ParameterKey,
        ...(Default !== undefined && { DefaultValue: String(Default) }),
        NoEcho: String(NoEcho) === 'true',
        ...(Description !== undefined && { Description }),
      }),
    ),
    ...(template.description !== undefined && { Description: template.description }),
    ...capabilities(template),
  };
}

export function getTemplateSummary(
  given: GetTemplateSummaryCommandInput,
  call: Call,
): Output<GetTemplateSummaryCommandOutput> {
  if (given.StackSetName !== undefined) throw notHere('stack sets');
  const text =
    given.StackName === undefined ? templateText(given) : findStack(call, given.StackName).applied?.template;
  if (text === undefined) throw invalid(`Stack ${given.StackName} has no template yet.`);
  const template = parseTemplate(text);
  return {
    Parameters: Object.entries(template.parameters).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      ParameterType: parameter.Type,
      ...(parameter.Default !== undefined && { DefaultValue: String(parameter.Default) }),
      NoEcho: String(parameter.NoEcho) === 'true',
      ...(parameter.Description !== undefined && { Description: parameter.Description }),
    })),
    ...(template.description !== undefined && { Description: template.description }),
    ...capabilities(template),
    ResourceTypes: Object.values(template.resources).map(({ type }) => type),
    Version: '2010-09-09',
  };
}

function capabilities(template: Template) {
  const needed = capabilityOf(template);
  if (!needed) return {};
  return {
    Capabilities: [needed.capability],
    CapabilitiesReason: `The following resource(s) require capabilities: [${needed.types.join(', ')}]`,
  };
}
