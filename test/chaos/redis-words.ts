import { connect } from 'node:net';

/** Says one command to a Redis server in its inline form, and returns what it says first. */
export function tellRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    let said = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error(`Redis does not answer to ${command}`)));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, size] = /^\$(\d+)\r\n/.exec(said) ?? [];
      if (size === undefined ? !said.includes('\r\n') : said.length < Number(size)) return;
      socket.destroy();
      if (said.startsWith('-')) reject(new Error(said));
      else resolve(said);
    });
  });
}
