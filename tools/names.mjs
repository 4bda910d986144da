// The arguments of a command that takes no options: names, or nothing.

import { parseArgs } from 'node:util';
import { messageOf } from './bench/arguments.mjs';

/**
 * What is named. Ends the program with its usage where that was asked for, and with status 2 where anything else was.
 * @param {string} usage
 * @param {readonly string[]} known none: it takes no names
 */
export function readNames(usage, known = []) {
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean', default: false } },
      allowPositionals: known.length > 0,
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    const stranger = positionals.find((name) => !known.includes(name));
    if (stranger !== undefined) throw new Error(`There is no “${stranger}”. Use ${known.join(', ')}.`);
    return positionals;
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return process.exit(2);
  }
}
