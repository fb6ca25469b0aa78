import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/**
 * Can a window be opened here?
 *
 * @param {NodeJS.Platform} platform
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function hasDisplay(platform = process.platform, environment = process.env) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/**
 * Electron's own arguments on this machine, before the application's path.
 *
 * @param {{ platform: NodeJS.Platform, isRoot: boolean, environment: Readonly<Record<string, string | undefined>> }} on
 */
export function electronSwitches({ platform, isRoot, environment }) {
  if (platform !== 'linux') return [];
  return [
    // Chromium refuses to start its sandbox as root.
    ...(isRoot ? ['--no-sandbox'] : []),
    // Without a session bus Chromium complains a dozen times about a thing that Corescope does not use.
    ...(environment['DBUS_SESSION_BUS_ADDRESS'] ? [] : ['--log-level=3']),
    // Before Electron 38 X11 is the default even where there is only Wayland.
    ...(!environment['DISPLAY'] && environment['WAYLAND_DISPLAY'] ? ['--ozone-platform=wayland'] : []),
  ];
}

/** @typedef {{ name: string, stop: () => void }} VirtualDisplay name as DISPLAY wants it, e.g. `:99` */

/**
 * Starts an X server without a screen, on the first free number: Xvfb picks it itself and says so on a pipe, so two
 * runs at once do not meet.
 *
 * @returns {Promise<VirtualDisplay>} ends with this process at the latest
 */
export function startVirtualDisplay({ command = 'Xvfb', screen = '1600x1000x24' } = {}) {
  return new Promise((resolveDisplay, reject) => {
    const server = spawn(command, ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const stop = () => {
      process.off('exit', stop);
      server.kill('SIGTERM');
    };
    let complaint = '';
    server.stderr?.on('data', (chunk) => (complaint += String(chunk)));
    /** @param {string} reason */
    function refuse(reason) {
      reject(
        new SetupError(
          'no-virtual-display',
          `There is no display, and Xvfb did not start: ${reason.trim()}`,
          'Install Xvfb (package xvfb or xorg-x11-server-Xvfb), or run where there is a display.',
        ),
      );
    }
    server.on('error', (error) => refuse(error.message));
    server.on('exit', (code) => refuse(`exit code ${code}. ${complaint}`));
    server.stdio[3]?.once('data', (chunk) => {
      process.on('exit', stop);
      resolveDisplay({ name: `:${String(chunk).trim()}`, stop });
    });
  });
}
