import type { Service } from '../world/service.ts';
import { ecr } from './ecr.ts';
import { sts } from './sts.ts';

/** Every service that answers. A new one is added here and, with its protocol, in wire/dialects.ts. */
export const services: readonly Service[] = [ecr, sts];
