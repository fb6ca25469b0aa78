import { describe, expect, it } from 'vitest';
import { readLaunchArguments } from '../../../scripts/default-app/launch-arguments.mjs';

function read(line: string) {
  return readLaunchArguments(line.split(' ').filter(Boolean));
}

describe("Electron's command line", () => {
  it('has the application after the switches', () => {
    expect(read('--no-sandbox --inspect=0 /srv/app')).toEqual({
      version: false,
      required: [],
      application: '/srv/app',
    });
  });

  it('leaves what follows the application to it', () => {
    expect(read('app --version -r other')).toEqual({ version: false, required: [], application: 'app' });
  });

  it('loads modules first, in either spelling', () => {
    expect(read('-r /p/loader.js --require=/p/second.js app')).toEqual({
      version: false,
      required: ['/p/loader.js', '/p/second.js'],
      application: 'app',
    });
  });

  it('may name the application with --app=', () => {
    expect(read('--app=/srv/app rest').application).toBe('/srv/app');
  });

  it('may ask for the version alone', () => {
    expect(read('-v')).toEqual({ version: true, required: [], application: null });
  });
});
