import { z } from 'zod';
import { InstallationFile } from './installation-file.js';

/**
 * The JSON Schema (2020-12) of slipway.yaml, for editors. It knows the shape only: names, roles that cannot be reached and
 * what is protected are for `slipway validate`.
 */
export function installationSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(InstallationFile, { io: 'input', target: 'draft-2020-12' });
  return {
    ...schema,
    title: 'slipway.yaml',
    description: 'Who may release what, where, and with which keys.',
  };
}
