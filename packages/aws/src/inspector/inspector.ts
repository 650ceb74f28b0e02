import type { ServiceAddress } from '../by-hand/service-endpoint.ts';

export const INSPECTOR: ServiceAddress = { name: 'inspector2', variable: 'INSPECTOR2', govFips: true };
