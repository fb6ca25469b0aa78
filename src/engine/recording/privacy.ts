import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type { CommandLinePrivacy } from '../../shared/recording.ts';

const hidden = '***';

/** Characters of a command line that are kept. Class paths are longer, and tell nothing more. */
const longestCommandLine = 8192;

/** Parts of the name of an option or variable whose value is nobody's business. */
const secretName = String.raw`(?:password|passwd|passphrase|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|auth)`;

// The worst that a hostile text can do is time in the square of its length, which `longestCommandLine` bounds.
const assignment = new RegExp(
  String.raw`(?<![\w-])(-{0,2}[\w.-]*${secretName}[\w.-]*[=:])("[^"]*"|'[^']*'|\S+)`,
  'gi',
);
const option = new RegExp(
  String.raw`(?<![\w-])(--?[\w-]*${secretName}[\w-]*\s+)("[^"]*"|'[^']*'|[^\s-]\S*)`,
  'gi',
);
const secretOption = new RegExp(String.raw`^--?[\w-]*${secretName}[\w-]*$`, 'i');
const userInUrl = /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;
const authorization = /\b(bearer|basic)\s+\S+/gi;
/** Tokens that tell by their form what they are: GitHub, GitLab, Slack, AWS, OpenAI-like, JWT. */
const knownToken =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|sk-[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g;

function hideSecrets(text: string): string {
  return text
    .replace(authorization, `$1 ${hidden}`)
    .replace(assignment, `$1${hidden}`)
    .replace(option, `$1${hidden}`)
    .replace(userInUrl, `$1${hidden}`)
    .replace(knownToken, hidden);
}

/**
 * A command line as it may be kept. `hide-secrets` goes by names and forms and can miss what looks like any other
 * word; `program-only` cannot.
 */
export function redactCommandLine(commandLine: string, privacy: CommandLinePrivacy): string {
  const text =
    commandLine.length > longestCommandLine ? `${commandLine.slice(0, longestCommandLine)}…` : commandLine;
  if (privacy === 'keep') return text;
  return privacy === 'hide-secrets' ? hideSecrets(text) : (/^\S*/.exec(text)?.[0] ?? '');
}

/** The same for a command that is still in words. */
export function redactCommand(words: readonly string[], privacy: CommandLinePrivacy): readonly string[] {
  if (privacy === 'keep') return words;
  if (privacy === 'program-only') return words.slice(0, 1);
  return words.map((word, index) => (secretOption.test(words[index - 1] ?? '') ? hidden : hideSecrets(word)));
}

/**
 * A run event as it may be kept: command lines as above, and of the environment variables that a plan sets only the
 * names, whatever the privacy.
 */
export function redactEvent(event: ExperimentEvent, privacy: CommandLinePrivacy): unknown {
  const hide = (command: string | null | undefined): string | null | undefined =>
    typeof command === 'string' ? redactCommandLine(command, privacy) : command;
  const hideIn = (plan: {
    readonly prepareCommand?: string | null;
    readonly cleanupCommand?: string | null;
  }): unknown => ({
    ...plan,
    // Undefined ones are not written.
    prepareCommand: hide(plan.prepareCommand),
    cleanupCommand: hide(plan.cleanupCommand),
  });
  switch (event.type) {
    case 'planned': {
      const { plan } = event;
      const workload = redactWorkload(plan.workload, privacy);
      return { ...event, plan: hideIn({ ...plan, ...{ workload } }) };
    }
    case 'finished': {
      const { experiment } = event;
      const workload = redactWorkload(experiment.workload, privacy);
      return { ...event, experiment: { ...experiment, workload, plan: hideIn(experiment.plan) } };
    }
    default:
      return event;
  }
}

function redactWorkload(workload: ExperimentPlan['workload'], privacy: CommandLinePrivacy): unknown {
  const { target } = workload;
  if (target?.kind !== 'command') return workload;
  const environment = Object.keys(target.environment).map((name) => [name, hidden] as const);
  return {
    ...workload,
    target: {
      ...target,
      argv: redactCommand(target.argv, privacy),
      environment: Object.fromEntries(environment),
    },
  };
}
