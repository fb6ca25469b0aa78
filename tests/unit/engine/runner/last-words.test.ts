import { describe, expect, it } from 'vitest';
import { lastWordsOf } from '../../../../src/engine/runner/node/last-words.ts';

describe('what a failed program said last', () => {
  it('is the last line that is not empty', () => {
    expect(lastWordsOf('one\r\n two \n\n')).toBe('two');
    expect(lastWordsOf(' \n')).toBeNull();
  });

  it('of Python is the error, with the innermost place', () => {
    const text = `Traceback (most recent call last):
  File "/project/main.py", line 9, in <module>
    import task
  File "/project/task.py", line 2
    return 1 +
              ^
SyntaxError: invalid syntax
`;
    expect(lastWordsOf(text)).toBe('SyntaxError: invalid syntax (/project/task.py, line 2)');
  });

  it('of Node is the error above the stack, with the place above it', () => {
    const text = `file:///project/task.mjs:2
let x = ;
        ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1378:20)
    at node:internal/main/run_main_module:28:49

Node.js v20.20.2
`;
    expect(lastWordsOf(text)).toBe("SyntaxError: Unexpected token ';' (/project/task.mjs, line 2)");
  });

  it('of Rust, Go or a shell is what it wrote, without a place that belongs to something else', () => {
    expect(lastWordsOf('File "a", line 1\nthread \'main\' panicked at src/main.rs:2:5:\nboom\n')).toBe(
      'boom',
    );
  });
});
