export * from './await-inspections.ts';
export type * from './finding.ts';
export * from './merge.ts';
export * from './policy.ts';
export type * from './ports.ts';
export * from './scan-state.ts';
export * from './severity.ts';
export * from './verdict.ts';
