import { kindOfFinding, whyNoVulnerability } from './finding-id.ts';
import { plainGlob, reasonOf } from './trivy.ts';
import type { Imported, WaiverDraft } from './waiver-draft.ts';

/** Package types of grype, and their types in a package URL. One that is left out needs a namespace that grype does not name. */
const TYPES: Readonly<Record<string, string>> = {
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  npm: 'npm',
  python: 'pypi',
  gem: 'gem',
  'go-module': 'golang',
  'rust-crate': 'cargo',
  'php-composer': 'composer',
  dotnet: 'nuget',
};

const TAKEN = ['vulnerability', 'package', 'reason', 'include-aliases'];
const TAKEN_OF_PACKAGES = ['name', 'version', 'type', 'location'];

/** `ignore:` of `.grype.yaml`. A rule without a vulnerability would waive whatever comes, and is none. */
export function readGrype(document: unknown): Imported {
  const rules = Object(document).ignore;
  const drafts: WaiverDraft[] = [];
  const left: string[] = [];
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    const { vulnerability: id, package: about, reason } = Object(rule);
    if (typeof id === 'string' && kindOfFinding(id) !== 'vulnerability') {
      left.push(`ignore.${index}: ${whyNoVulnerability(id)}`);
      continue;
    }
    if (typeof id !== 'string') {
      left.push(`ignore.${index}: it names no vulnerability, so it hides every one that fits the rest of it`);
      continue;
    }
    const { location } = Object(about);
    const more = [
      ...Object.keys(Object(rule)).filter((key) => !TAKEN.includes(key)),
      ...Object.keys(Object(about))
        .filter((key) => !TAKEN_OF_PACKAGES.includes(key))
        .map((key) => `package.${key}`),
    ];
    drafts.push({
      id,
      ...packageOf(about),
      ...(typeof location === 'string' && { paths: [plainGlob(location)] }),
      ...reasonOf(reason),
      notes: [
        ...(more.length > 0 ? [`the rule was narrower by ${more.join(', ')}; this waiver is not`] : []),
        ...(packageOf(about).package === undefined && about !== undefined
          ? [`the package was ${JSON.stringify(about).slice(0, 200)}`]
          : []),
      ],
    });
  }
  return { drafts, left };
}

/** A name that may be a regular expression is no name. */
function packageOf(about: unknown): { readonly package?: string } {
  const { name, type, version } = Object(about);
  const known = typeof type === 'string' ? TYPES[type] : undefined;
  if (known === undefined || typeof name !== 'string' || !/^[@A-Za-z0-9][A-Za-z0-9+._/-]*$/.test(name))
    return {};
  if (/\.[*+]/.test(name)) return {};
  const exact = typeof version === 'string' && /^[A-Za-z0-9][A-Za-z0-9.+~:_-]*$/.test(version);
  return { package: `pkg:${known}/${name.replace(/^@/, '%40')}${exact ? `@${version}` : ''}` };
}
