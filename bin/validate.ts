import { validate as read } from '../src/app/validate.js';
import { validated } from '../src/chat/views/validated.js';
import { readEnvironment } from '../src/config.js';
import { verbNames } from './environment.js';

/**
 * `slipway validate [file]`: everything that is wrong with slipway.yaml or a process file, each with its place, and exit
 * code 2; or what it says in short, and 0.
 */
export async function validate(file: string | undefined, json: boolean): Promise<number> {
  const result = await read(file ?? readEnvironment().config, verbNames);
  const isRight = !('problems' in result);
  if (json) process.stdout.write(`${JSON.stringify({ valid: isRight, ...result })}\n`);
  else (isRight ? process.stdout : process.stderr).write(`${validated(result).join('\n')}\n`);
  return isRight ? 0 : 2;
}
