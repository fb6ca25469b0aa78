import { describe, expect, it } from 'vitest';
import { createUsers, parsePasswd } from '../../../../../src/engine/sampler/linux/users.ts';

describe('the users of processes', () => {
  it('have the first name of their number, whatever else stands in the file', () => {
    const text =
      'root:x:0:0:root:/root:/bin/sh\n# none\n+::::::\ntoor:x:0:0::/:/bin/sh\nann:x:1000:1000\n\nbad:x:y:0\n';
    expect([...parsePasswd(text)]).toEqual([
      [0, 'root'],
      [1000, 'ann'],
    ]);
  });

  it('are read once, and once more for a number that is not among them', () => {
    let passwd = 'root:x:0:0\n';
    let readings = 0;
    const owners: Record<number, number> = { 10: 0, 20: 0, 30: 1000, 40: 2000, 50: 2000 };
    const users = createUsers({
      readOwner(pid) {
        const owner = owners[pid];
        if (owner === undefined) throw new Error('ENOENT');
        return owner;
      },
      readPasswd() {
        readings += 1;
        return passwd;
      },
    });
    expect([users.userOf(10), users.userOf(20), readings]).toEqual(['root', 'root', 1]);
    passwd += 'ann:x:1000:1000\n';
    expect([users.userOf(30), readings]).toEqual(['ann', 2]);
    expect([users.userOf(40), users.userOf(50), readings]).toEqual(['2000', '2000', 3]);
    expect(users.userOf(60)).toBeNull();
  });

  it('have their number where there is no file of names', () => {
    const users = createUsers({
      readOwner: () => 1000,
      readPasswd() {
        throw new Error('ENOENT');
      },
    });
    expect(users.userOf(1)).toBe('1000');
  });
});
