export type * from './check.ts';
export type * from './observed.ts';
export type * from './ports.ts';
export * from './preflight-report.ts';
