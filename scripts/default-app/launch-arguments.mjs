/**
 * @typedef {object} LaunchArguments
 * @property {boolean} version `-v` or `--version`: say which Electron this is
 * @property {string[]} required modules to load before the application (`-r`), as Playwright does
 * @property {string | null} application path of the application; null when there is none
 */

/**
 * Reads Electron's command line as Electron's own default application does: its switches come before the
 * application's path, and what follows belongs to the application.
 *
 * @param {readonly string[]} words without the executable itself
 * @returns {LaunchArguments}
 */
export function readLaunchArguments(words) {
  /** @type {LaunchArguments} */
  const found = { version: false, required: [], application: null };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '-v' || word === '--version') {
      found.version = true;
    } else if (word === '-r' || word === '--require') {
      index += 1;
      const required = words[index];
      if (required !== undefined) found.required.push(required);
    } else if (word.startsWith('--require=')) {
      found.required.push(word.slice('--require='.length));
    } else if (word.startsWith('--app=')) {
      found.application = word.slice('--app='.length);
      break;
    } else if (!word.startsWith('-')) {
      found.application = word;
      break;
    }
  }
  return found;
}
