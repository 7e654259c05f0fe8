import type { SchemeRule } from './scheme.js';

/** How a final version of a scheme is written, for people who wrote something else. */
export function exampleOf({ scheme, format }: SchemeRule): string {
  switch (scheme) {
    case 'lts':
      return '2026.1';
    case 'calver':
      return format ?? 'YYYY.MM.DD';
    default:
      return '1.2.3';
  }
}
