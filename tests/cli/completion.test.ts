import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { corescope } from './corescope.ts';

/** What bash offers for the last of the words, which may be empty. */
async function complete(line: string): Promise<string[]> {
  const { stdout: script } = await corescope(['completion', 'bash']);
  const driver =
    'eval "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _corescope; printf "%s\\n" "${COMPREPLY[@]}"';
  const offered = execFileSync('bash', ['-c', driver, script, ...line.split(' ')], { encoding: 'utf8' });
  return offered.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it.each([
    { line: 'corescope compl', offered: ['completion'] },
    { line: 'corescope --vers', offered: ['--version'] },
    { line: 'corescope compare sle', offered: ['sleep'] },
    { line: 'corescope compare sleep --runtime py', offered: ['python'] },
    { line: 'corescope compare sleep --strategies serial,thread-', offered: ['serial,thread-pool'] },
    { line: 'corescope compare sleep --objective l', offered: ['leanest'] },
    { line: 'corescope compare sleep --start-method f', offered: ['fork', 'forkserver'] },
    { line: 'corescope compare sleep --strat', offered: ['--strategies'] },
    { line: 'corescope init ', offered: ['js', 'ts', 'python', 'command'] },
    { line: 'corescope help init', offered: ['init'] },
    { line: 'corescope compare sleep --workers ', offered: [] },
  ])('of "$line" is $offered', async ({ line, offered }) => {
    expect(await complete(line)).toEqual(offered);
  });
});

describe('corescope completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s knows every command and option of the help', async (shell) => {
    const { exitCode, stdout: script, stderr } = await corescope(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { stdout: help } = await corescope(['--help']);
    const section = help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
    const commands = [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
    expect(commands).toContain('compare');
    for (const command of commands) expect(script).toContain(command);
    const { stdout: compareHelp } = await corescope(['compare', '--help']);
    for (const [, option = ''] of compareHelp.matchAll(/^ {2}--([a-z-]+)/gm))
      expect(script).toContain(option);
  });

  it('names the shells that it knows', async () => {
    expect(await corescope(['completion', 'fsh'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'corescope: There is no completion for the shell "fsh".\n  Did you mean "zsh"? Known: bash, zsh, fish.\n',
    });
  });
});
