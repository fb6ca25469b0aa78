import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A layer as its own tsconfig.json sees it. */
function readLayer(root: string, layer: string): ts.ParsedCommandLine {
  const configFile = path.join(root, 'src', layer, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(configFile, (file) => readFileSync(file, 'utf8')) as {
    config: unknown;
    error?: ts.Diagnostic;
  };
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(configFile), {}, configFile);
}

/** What the compiler says of a layer, by file relative to `root`: the first line of each message. */
export function checkLayer(root: string, layer: string): ReadonlyMap<string, readonly string[]> {
  const { options, fileNames } = readLayer(root, layer);
  const program = ts.createProgram(fileNames, options);
  const messages = new Map<string, string[]>();
  for (const file of fileNames) messages.set(path.relative(root, file), []);
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const file = diagnostic.file === undefined ? '' : path.relative(root, diagnostic.file.fileName);
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n').split('\n')[0] ?? '';
    messages.set(file, [...(messages.get(file) ?? []), text]);
  }
  return messages;
}

/**
 * Every file that a layer's types are made of. The compiler does not read `.svelte` files, so each is stood in
 * for by its import statements.
 */
export function filesReachableFrom(root: string, layer: string): readonly string[] {
  const { options, fileNames } = readLayer(root, layer);
  const folder = path.join(root, 'src', layer);
  const standIns = new Map(
    ts.sys.readDirectory(folder, ['.svelte']).map((file) => {
      const specifiers = [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)];
      return [
        `${file}.imports.ts`,
        specifiers.map(([, specifier]) => `import '${specifier ?? ''}';`).join('\n'),
      ];
    }),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => standIns.has(file) || disk.fileExists(file),
    readFile: (file) => standIns.get(file) ?? disk.readFile(file),
    getSourceFile: (file, target, onError, force) => {
      const text = standIns.get(file);
      return text === undefined
        ? disk.getSourceFile(file, target, onError, force)
        : ts.createSourceFile(file, text, target);
    },
  };
  const program = ts.createProgram([...fileNames, ...standIns.keys()], options, host);
  return program.getSourceFiles().map((file) => file.fileName);
}
