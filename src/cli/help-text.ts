/** What stands below the options in `--help` and in the manual: exit codes and examples, by command. */

export const programExamples = `
Examples:
  corescope compare count-loop                   threads or processes? in Node
  corescope compare count-loop --runtime python  the same question in Python
  corescope compare ./task.mjs                   the same of your own work
  corescope differences                          what threads and processes cost
  corescope record -- make -j4                   what a command does to the cores
  corescope workloads                            what can be run, its parameters
  corescope doctor                               whether all that is needed is here
`;

export const commandNotes: Readonly<Record<string, string>> = {
  compare: `
Results go to stdout, everything else to stderr.
Exit codes: 0 done, 1 a budget is broken or something got worse than the
baseline, 2 wrong usage or input, 3 a run failed, 130 cancelled with Ctrl-C.

Examples:
  corescope compare count-loop --runtime python --workers 4
  corescope compare count-loop --param n=5000000 --param rounds=10
  corescope compare sleep --strategies threads,processes --tasks 32
  corescope compare count-loop --workers auto --blocks auto --objective leanest
  corescope compare count-loop --json result.json --report result.html
  corescope compare count-loop --quick --json - | jq .verdict.sentence
  corescope compare ./task.mjs --budget 'speedup(processes)>1.5' --budget 'peakPss<500MB'
  corescope compare ./task.mjs --baseline main.json --markdown comment.md
`,
  run: `
What the work writes is shown on stderr; stdout has the result.
Exit codes: 0 done, 2 wrong usage or input, 3 the run failed, 130 cancelled with
Ctrl-C.

Examples:
  corescope run count-loop --strategy threads --workers 2
  corescope run ./task.mjs --strategy processes --workers 4 --tasks 16 --runs 5
  corescope run ./task.py:work --args '["{index}"]' --strategy process-pool --workers 2
  corescope run --strategy copies --workers 2 -- gzip -k9 file-{index}.log
  corescope run count-loop --json - | jq '.strategies[0].runs[0].wallMs'
`,
  attach: `
Exit codes: 0 it ended or the time was up, 2 wrong usage or no such process, 130
Ctrl-C (after the summary).

Examples:
  corescope attach 4711
  corescope attach "$(pgrep -f server.js)" --for 10
  corescope attach 4711 --for 5 --quiet --json - | jq .summary.effectiveCores
`,
  record: `
What the command writes goes to stderr; stdout has the summary. What it leaves
behind is ended.
Exit codes: 0 done, 2 wrong usage, 3 the command failed, 130 Ctrl-C (after the
summary).

Examples:
  corescope record -- make -j4
  corescope record --json build.json -- npm run build
`,
  differences: `
Takes one to two minutes, half a minute with --quick.
Exit codes: 0 done, 2 wrong usage, 3 nothing could be measured, 130 cancelled
with Ctrl-C.

Examples:
  corescope differences
  corescope differences --runtime python --quick --explain
  corescope differences --json - | jq '.runtimes[].rows[] | {title, threads: .threads.text}'
`,
  workloads: `
Examples:
  corescope workloads
  corescope workloads --json | jq '.[].id'
`,
  doctor: `
Exit codes: 0 everything is here, 1 something is missing.

Examples:
  corescope doctor
  corescope doctor --python /opt/python3.13/bin/python3
  corescope doctor --json | jq '.metrics[] | select(.available | not).name'
`,
  init: `
Exit codes: 0 written, 2 wrong usage, or the file exists.

Examples:
  corescope init js                                   writes task.mjs
  corescope init python work.py
  corescope init ts - | less
`,
  completion: `
Examples:
  corescope completion bash > ~/.local/share/bash-completion/completions/corescope
  corescope completion zsh > ~/.zfunc/_corescope      where fpath has ~/.zfunc
  corescope completion fish > ~/.config/fish/completions/corescope.fish
`,
};
