import { z } from 'zod';

/**
 * Somebody who acted, as who authenticated him named him. `issuer` is the authority (`local`, `slack`, `discord`,
 * `forge`, or `slipway` for a trigger), `workspace` its scope, `user` the stable id; `name` is for reading only.
 */
export const Actor = z.strictObject({
  issuer: z.enum(['local', 'slack', 'discord', 'forge', 'slipway']),
  workspace: z.string().max(200),
  user: z.string().min(1).max(200),
  name: z.string().max(200),
});
export type Actor = z.infer<typeof Actor>;

/** Whether two acts are by the same account. People with linked accounts are resolved by the caller. */
export function sameActor(a: Actor, b: Actor): boolean {
  return a.issuer === b.issuer && a.workspace === b.workspace && a.user === b.user;
}
