import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { updateMistakes } from '@tenant-delivery/deployment/plan/update-mistakes';
import * as v from 'valibot';
import { said } from '../plan/deployment.ts';
import { pairsOrYaml } from './pairs-or-yaml.ts';
import type { Migration, ServiceRequest, Source } from './service-request.ts';
import { referencesIn, variablesIn, yamlIn } from './values-by-container.ts';
import { imagesIn } from './written-images.ts';

/** The texts of the inputs that ask for something; empty where they were not given. */
export interface WrittenRequest {
  readonly source: Source;
  readonly images: string;
  /** Whether an image may have a tag. */
  readonly resolves: boolean;
  readonly 'environment-variables': string;
  readonly secrets: string;
  readonly 'task-definition-patch': string;
  readonly 'service-update': string;
  readonly tags: string;
  readonly 'allow-unknown': string;
  readonly migration: string;
}

/** In place of a revision that is not looked up yet, and of a file that is not read yet. */
const UNREAD: Readonly<Record<Source['kind'], DeployRequest['source']>> = {
  running: { kind: 'running' },
  file: { kind: 'document', file: '', document: {} },
  revision: { kind: 'revision', arn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/unread:1' },
};

const MigrationInput = v.strictObject({
  container: v.pipe(v.string(), v.minLength(1, 'is empty')),
  command: v.optional(
    v.pipe(v.array(v.string('is no text; write it in quotes')), v.minLength(1, 'is empty')),
  ),
  'timeout-minutes': v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(120))),
});
const MIGRATION_MINUTES = 15;

/** What the inputs ask for, or every mistake in them. A mistake names its input, and never a value. */
export function readServiceRequest(
  written: WrittenRequest,
): { readonly serviceRequest: ServiceRequest } | { readonly mistakes: readonly string[] } {
  const { images, tagged, unplaced } = imagesIn(written.images, written.resolves);
  const parts = {
    images,
    environment: variablesIn(written['environment-variables']),
    secrets: referencesIn(written.secrets),
    patch: yamlIn(written['task-definition-patch']),
    update: yamlIn(written['service-update']),
    tags: pairsOrYaml(written.tags),
  };
  const allowUnknown = written['allow-unknown']
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const unread = Object.entries(parts).flatMap(([path, part]) =>
    'mistakes' in part ? part.mistakes.map((problem) => said([{ path, problem }])[0] ?? problem) : [],
  );
  const values = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, 'value' in part ? part.value : {}]),
  );
  const source = UNREAD[written.source.kind];
  const parsed = parseDocument(DeployRequest, { schemaVersion: 1, source, ...values, allowUnknown });
  const migration = readMigration(written.migration);
  const mistakes = [
    ...unread,
    ...('mistakes' in parsed ? said(parsed.mistakes) : []),
    ...('document' in parsed
      ? said(
          updateMistakes(parsed.document.update, allowUnknown).map(({ path, problem }) => ({
            path: `update.${path}`,
            problem,
          })),
        )
      : []),
    ...('mistakes' in migration ? migration.mistakes : []),
  ];
  if (mistakes.length > 0 || 'mistakes' in parsed || 'mistakes' in migration) return { mistakes };
  const { source: __, ...request } = parsed.document;
  return {
    serviceRequest: { source: written.source, request, migration: migration.migration, tagged, unplaced },
  };
}

function readMigration(
  text: string,
): { readonly migration: Migration | undefined } | { readonly mistakes: readonly string[] } {
  if (text === '') return { migration: undefined };
  const read = yamlIn(text);
  if ('mistakes' in read) return { mistakes: read.mistakes.map((problem) => `migration: ${problem}`) };
  const parsed = parseDocument(MigrationInput, read.value);
  if ('mistakes' in parsed) {
    return {
      mistakes: parsed.mistakes.map(({ path, problem }) =>
        describeMistake({ path: path === '' ? 'migration' : `migration.${path}`, problem }),
      ),
    };
  }
  const { container, command, 'timeout-minutes': minutes = MIGRATION_MINUTES } = parsed.document;
  return { migration: { container, command, minutes } };
}
