import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../../src/cli/man-page.ts';
import { manual } from '../../../src/cli/manual.ts';

describe('the manual', () => {
  it('is that of this command line', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/corescope.1'), 'utf8');
    expect(page, 'docs/corescope.1 is out of date; make it anew with: npm run man').toBe(manual());
  });

  it('says what the program does, and lets no text become a macro', () => {
    const page = manPage(
      {
        name: 'tool',
        description: '.does things',
        options: [],
        commands: [
          {
            name: 'go',
            description: 'go on',
            arguments: [
              {
                name: 'place',
                description: 'where to',
                required: true,
                variadic: true,
                values: { kind: 'any' },
              },
            ],
            options: [
              {
                names: ['-f', '--fast'],
                placeholder: null,
                description: 'in haste',
                defaultText: null,
                values: { kind: 'none' },
              },
              {
                names: ['--by'],
                placeholder: 'way',
                description: 'how',
                defaultText: 'on foot',
                values: { kind: 'any' },
              },
            ],
          },
        ],
      },
      { examples: '\nExamples:\n  tool go home\n', commands: { go: "\n'quoted' a\\b\n" } },
    );
    expect(page.split('\n').filter((line) => line.includes('does things'))).toEqual(['\\&.does things']);
    expect(page).toContain(
      [
        '.SS "go place"',
        'Go on.',
        '.TP',
        '.I place',
        'Where to.',
        '.TP',
        '\\fB\\-f\\fR, \\fB\\-\\-fast\\fR',
        'In haste.',
        '.TP',
        '\\fB\\-\\-by\\fR \\fIway\\fR',
        'How (default: on foot).',
        '.PP',
        '.nf',
        "\\&'quoted' a\\eb",
        '.fi',
      ].join('\n'),
    );
    expect(page).toContain('.B tool go\n.RI [ options ]\n.I place ...');
  });
});
