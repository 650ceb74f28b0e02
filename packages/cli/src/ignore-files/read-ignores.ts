import { basename } from 'node:path';
import { readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import { readGrype } from './grype.ts';
import { readOsvScanner } from './osv-scanner.ts';
import { readTrivyLines, readTrivyYaml } from './trivy.ts';
import type { Imported } from './waiver-draft.ts';

/** What another tool ignores, by the name and the content of its file; every mistake of one that cannot be read. */
export function readIgnores(file: string, text: string): Imported | { readonly mistakes: readonly string[] } {
  const name = basename(file);
  if (name.endsWith('.toml')) return readOsvScanner(text);
  if (!/\.ya?ml$/.test(name)) return readTrivyLines(text);
  const read = readYamlText(text);
  if ('mistakes' in read) return read;
  const document = Object(read.value);
  if ('ignore' in document) return readGrype(document);
  if ('vulnerabilities' in document) return readTrivyYaml(document);
  return { mistakes: ['it has neither `vulnerabilities` (.trivyignore.yaml) nor `ignore` (.grype.yaml)'] };
}
