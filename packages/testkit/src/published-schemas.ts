import { createRequire } from 'node:module';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { default as Ajv } from 'ajv-draft-04';
import { default as addFormats } from 'ajv-formats';

/** What the published schema of CycloneDX 1.6 objects to in a document; nothing where it holds. */
export async function cycloneDxMistakes(document: string): Promise<readonly unknown[]> {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  const mistakes = await validator.validate(document);
  return mistakes === null ? [] : [mistakes].flat();
}

/** What the published schema of SARIF 2.1.0 (revision 5, which GitHub takes) objects to in a log. */
export function sarifMistakes(document: string): readonly unknown[] {
  const load = createRequire(import.meta.url);
  const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(load('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  return validate(JSON.parse(document)) ? [] : (validate.errors ?? []);
}
