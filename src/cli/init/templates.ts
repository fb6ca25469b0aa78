/** The kinds of work of one's own, each with its file in resources/templates and how to go on from there. */
export const templates = {
  js: {
    file: 'task.mjs',
    endings: ['.mjs', '.js', '.cjs'],
    next: (path: string) => `corescope compare ${path}`,
  },
  ts: {
    file: 'task.ts',
    endings: ['.ts', '.mts'],
    next: (path: string) => `corescope compare ${path}`,
  },
  python: {
    file: 'task.py',
    endings: ['.py'],
    next: (path: string) => `corescope compare ${path}:work --args '["{index}"]'`,
  },
  command: {
    file: 'task.sh',
    endings: null,
    next: (path: string) => `corescope compare -- ${path} {index}`,
  },
} as const satisfies Record<
  string,
  {
    readonly file: string;
    /** What its file may be called; null: anything. */
    readonly endings: readonly string[] | null;
    readonly next: (path: string) => string;
  }
>;

export type TemplateKind = keyof typeof templates;

export const templateKinds = ['js', 'ts', 'python', 'command'] as const satisfies readonly TemplateKind[];
