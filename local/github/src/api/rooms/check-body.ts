import type { App } from '../../world/app.ts';
import type { CheckAnnotation, CheckRun } from '../../world/check-run.ts';
import { bodyOf } from '../body.ts';
import type { RepositoryCall } from '../call.ts';
import { validationFailed } from '../errors.ts';

const STATUSES = ['queued', 'in_progress', 'completed'] as const;
const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const;
const LEVELS: readonly unknown[] = ['notice', 'warning', 'failure'];
const LONGEST_TEXT = 65_535;
const MOST_ANNOTATIONS = 50;

export function newCheck(call: RepositoryCall, headSha: string, app: App | undefined): CheckRun {
  const { world, repository } = call;
  const body = bodyOf(call, 'CheckRun');
  return {
    id: world.nextId(),
    repository,
    ...(app && { app }),
    name: body.text('name'),
    headSha,
    externalId: body.optionalText('external_id') ?? '',
    detailsUrl: `${world.url}/apps/${app?.slug ?? 'github-actions'}`,
    status: 'queued',
    conclusion: null,
    startedAt: timeIn(call, 'started_at') ?? world.clock.now(),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  };
}

/** Writes what the body says into a check run. Annotations are added to those that it has. */
export function applyCheck(call: RepositoryCall, check: CheckRun): void {
  const body = bodyOf(call, 'CheckRun');
  const conclusion = body.optionalOneOf('conclusion', CONCLUSIONS);
  const status = conclusion ? 'completed' : body.optionalOneOf('status', STATUSES);
  if (status === 'completed' && !conclusion && check.conclusion === null) {
    throw validationFailed({ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' });
  }
  const output = outputIn(call);
  check.detailsUrl = body.optionalUrl('details_url') ?? check.detailsUrl;
  check.status = status ?? check.status;
  check.conclusion = check.status === 'completed' ? (conclusion ?? check.conclusion) : null;
  check.completedAt =
    check.status === 'completed' ? (timeIn(call, 'completed_at') ?? call.world.clock.now()) : null;
  check.title = output?.title ?? check.title;
  check.summary = output?.summary ?? check.summary;
  check.text = output?.text ?? check.text;
  check.annotations.push(...(output?.annotations ?? []));
}

interface Output {
  readonly title: string | undefined;
  readonly summary: string;
  readonly text: string | undefined;
  readonly annotations: readonly CheckAnnotation[];
}

function outputIn({ body, method }: RepositoryCall): Output | undefined {
  const output = body['output'];
  if (output === undefined) return undefined;
  if (!isRecord(output)) throw invalid('output', 'output is not an object.');
  const { annotations = [] } = output;
  const reader = bodyOf({ body: output }, 'CheckRun');
  const text = reader.optionalText('text');
  const summary = reader.text('summary');
  const title = method === 'POST' ? reader.text('title') : reader.optionalText('title');
  for (const [field, value] of Object.entries({ summary, text })) {
    if ((value?.length ?? 0) > LONGEST_TEXT) {
      throw invalid(field, `${field} is too long (maximum is ${LONGEST_TEXT} characters)`);
    }
  }
  if (!Array.isArray(annotations) || annotations.length > MOST_ANNOTATIONS) {
    throw invalid('annotations', `annotations is a list of ${MOST_ANNOTATIONS} at most`);
  }
  if (!annotations.every(isAnnotation)) throw invalid('annotations', 'an annotation lacks a member');
  return { title, summary, text, annotations };
}

function isAnnotation(value: unknown): value is CheckAnnotation {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    typeof value['message'] === 'string' &&
    Number.isInteger(value['start_line']) &&
    Number.isInteger(value['end_line']) &&
    LEVELS.includes(value['annotation_level'])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeIn(call: RepositoryCall, field: string): number | undefined {
  const text = bodyOf(call, 'CheckRun').optionalText(field);
  const at = text === undefined ? undefined : Date.parse(text);
  if (at !== undefined && Number.isNaN(at)) throw invalid(field, `${field} is not a time`);
  return at;
}

function invalid(field: string, message: string) {
  return validationFailed({ resource: 'CheckRun', field, code: 'invalid', message });
}
