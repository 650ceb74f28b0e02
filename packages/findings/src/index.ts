export * from './annotations.ts';

export * from './await-image.ts';
export * from './await-inspections.ts';
export * from './compare-findings.ts';
export * from './decide-rows.ts';
export * from './explain.ts';
export * from './exploitation.ts';
export type * from './finding.ts';
export * from './findings-file.ts';
export * from './json-with-list.ts';
export * from './layers.ts';
export * from './lint-floor.ts';
export * from './meet-policies.ts';
export * from './merge.ts';
export * from './order-rows.ts';
export * from './policy.ts';
export * from './policy-file.ts';
export type * from './ports.ts';
export * from './purl.ts';
export * from './render-csv.ts';
export * from './render-cyclonedx-vex.ts';
export * from './render-openvex.ts';
export * from './render-sarif.ts';
export {
  type Maybe,
  pageReader,
  type Reading,
  readPages,
  type ScanPage,
} from './scan-pages.ts';
export * from './scan-state.ts';
export * from './severity.ts';
export * from './shared-texts.ts';
export * from './statements.ts';
export * from './unscannable.ts';
export * from './vanished.ts';
export * from './verdict.ts';
export * from './waiver.ts';
export * from './waiver-report.ts';
