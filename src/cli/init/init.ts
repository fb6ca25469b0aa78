import { copyFile, chmod, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { nearestName } from '../../engine/nearest-name.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { files } from '../files.ts';
import { exitCodes, printNote, printProblem, type Terminal } from '../terminal.ts';
import { templateKinds, templates, type TemplateKind } from './templates.ts';

/** Writes a template, or prints it where the file is `-`. Never overwrites. Answers the exit code. */
export async function init(
  kindName: string,
  file: string | undefined,
  options: { readonly quiet?: true | undefined },
  terminal: Terminal,
): Promise<number> {
  const chosen = chooseTemplate(kindName, file);
  if (!chosen.ok) {
    printProblem(terminal, chosen.problem);
    return exitCodes.badInput;
  }
  const { kind, target } = chosen.value;
  const source = path.join(files.templates, templates[kind].file);
  if (target === '-') {
    terminal.out.write(await readFile(source, 'utf8'));
    return exitCodes.success;
  }
  const written = await copyNew(source, target, kind);
  if (!written.ok) {
    printProblem(terminal, written.problem);
    return exitCodes.badInput;
  }
  terminal.out.write(`${target}\n`);
  if (options.quiet !== true) printNote(terminal, `Next: ${templates[kind].next(asCommandPath(target))}`);
  return exitCodes.success;
}

export function chooseTemplate(
  kindName: string,
  file: string | undefined,
): Result<{ readonly kind: TemplateKind; readonly target: string }> {
  const kind = templateKinds.find((known) => known === kindName);
  if (kind === undefined) {
    const nearest = nearestName(kindName, templateKinds);
    const question = nearest === null ? '' : `Did you mean "${nearest}"? `;
    return fail(
      'unknown-template',
      `There is no template "${kindName}".`,
      `${question}Known: ${templateKinds.join(', ')}.`,
    );
  }
  const target = file ?? templates[kind].file;
  const { endings } = templates[kind];
  if (target !== '-' && endings !== null && !endings.some((ending) => target.endsWith(ending))) {
    return fail(
      'wrong-ending',
      `The template "${kind}" does not go into ${target}: its name would not be taken for one.`,
      `Let it end in ${endings.join(' or ')}.`,
    );
  }
  return succeed({ kind, target });
}

async function copyNew(source: string, target: string, kind: TemplateKind): Promise<Result<string>> {
  try {
    await copyFile(source, target, constants.COPYFILE_EXCL);
    // The template may come from a package that was unpacked without its permissions.
    if (kind === 'command') await chmod(target, 0o755);
    return succeed(target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EEXIST') {
      return fail(
        'file-exists',
        `${target} exists already, and is left as it is.`,
        `Name another file: corescope init ${kind} FILE`,
      );
    }
    const reason = code === 'ENOENT' || code === 'ENOTDIR' ? 'its folder does not exist' : code;
    return fail('not-writable', `${target} cannot be written: ${reason}.`, 'Choose another path.');
  }
}

/** As the shell and Corescope want it: a bare name would be taken for a command on the PATH, or for a workload. */
function asCommandPath(target: string): string {
  return path.isAbsolute(target) || target.startsWith('.') ? target : `./${target}`;
}
