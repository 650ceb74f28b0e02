export type { Admission } from '@tenant-delivery/tenancy';
export * from './admit.ts';
export * from './change.ts';
export * from './change-id.ts';
export * from './claims.ts';
export * from './failures.ts';
export * from './inputs.ts';
export type * from './world.ts';
