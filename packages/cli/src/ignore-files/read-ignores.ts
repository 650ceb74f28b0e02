import { basename } from 'node:path';
import { readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import { readGrype } from './grype.ts';
import { readOsvScanner } from './osv-scanner.ts';
import { readTrivyLines, readTrivyYaml } from './trivy.ts';
import type { Imported } from './waiver-draft.ts';

type Read = Imported | { readonly mistakes: readonly string[] };

/** The kinds of `.trivyignore.yaml`. */
const TRIVY = ['vulnerabilities', 'misconfigurations', 'secrets', 'licenses'];

/** What another tool ignores, by the name and the content of its file; every mistake of one that cannot be read. */
export function readIgnores(file: string, text: string): Read {
  const read = byName(basename(file), text);
  if ('mistakes' in read || read.drafts.length > 0 || read.left.length > 0) return read;
  return { drafts: [], left: ['it ignores nothing'] };
}

function byName(name: string, text: string): Read {
  if (name.endsWith('.toml')) return readOsvScanner(text);
  if (!/\.ya?ml$/.test(name)) return readTrivyLines(text);
  const read = readYamlText(text);
  if ('mistakes' in read) return read;
  const document = Object(read.value);
  if (TRIVY.some((kind) => kind in document)) return readTrivyYaml(document);
  const isEmpty = read.value === null;
  if (isEmpty || 'ignore' in document || /^\.?grype\.ya?ml$/.test(name)) return readGrype(document);
  return { mistakes: ['it has neither `vulnerabilities` (.trivyignore.yaml) nor `ignore` (.grype.yaml)'] };
}
