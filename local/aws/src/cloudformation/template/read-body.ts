import { parseDocument, type Tags } from 'yaml';
import { invalid, notHere } from './refusals.ts';

const LONGEST = 51_200; // bytes of a body in a request ("Understand CloudFormation quotas")

/** Intrinsics of a template in YAML that have a short form; GetAtt's is text with a dot. */
const SHORT = ['GetAtt', 'Sub', 'Join', 'Split', 'Select'] as const;

/** The value that a template's text has. JSON is read as JSON; everything else as YAML. */
export function readBody(text: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST)
    throw invalid(
      `1 validation error detected: Value '${text.slice(0, 40)}…' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST}`,
    );
  const value = text.trimStart().startsWith('{') ? readJson(text) : readYaml(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('Template format error: unsupported structure.');
  return value as Readonly<Record<string, unknown>>; // an object, by the line above
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`Template format error: JSON not well-formed. (${(cause as Error).message})`); // a SyntaxError
  }
}

function readYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.1',
    customTags: (tags) => [...tags.filter((tag) => !isDate(tag)), ref, ...SHORT.flatMap(shortForm)],
  });
  const [mistake] = document.errors;
  if (mistake)
    throw invalid(`Template format error: YAML not well-formed. (${mistake.message.split('\n')[0]})`);
  const [warning] = document.warnings;
  const tag = /Unresolved tag: !([\w:]+)/.exec(warning?.message ?? '')?.[1];
  if (tag !== undefined) throw notHere(`Fn::${tag.replace(/^Fn::/, '')}`);
  return JSON.parse(JSON.stringify(document.toJS()));
}

/** `2010-09-09` without quotes is text in a template. */
function isDate(tag: Tags[number]): boolean {
  return typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:timestamp';
}

const ref = { tag: '!Ref', resolve: (text: string) => ({ Ref: text }) };

function shortForm(name: (typeof SHORT)[number]) {
  const wrap = (value: unknown) => ({ [`Fn::${name}`]: value });
  const scalar = {
    tag: `!${name}`,
    resolve: (text: string) => wrap(name === 'GetAtt' ? splitOnce(text) : text),
  };
  const list = {
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (value: unknown) => wrap(Reflect.get(Object(value), 'toJSON')?.call(value) ?? value),
  };
  return [scalar, list];
}

function splitOnce(text: string): readonly string[] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
