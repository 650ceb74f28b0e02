export type * from './check.ts';
export * from './checks.ts';
export * from './judge.ts';
export type * from './observed.ts';
export type * from './ports.ts';
export * from './preflight-report.ts';
export * from './secret-reference.ts';
export * from './waivers.ts';
